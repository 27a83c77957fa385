"""Imports, from the upload to the undo."""

from django.urls import path

from firsthand.intake import views

app_name = "intake"
urlpatterns = [
    path("imports/", views.imports, name="list"),
    path("imports/columns/<slug:kind>.csv", views.example, name="example"),
    path("imports/<int:import_id>/", views.one, name="import"),
    path("imports/<int:import_id>/columns/", views.columns, name="columns"),
    path("imports/<int:import_id>/reading/", views.reading, name="reading"),
    path("imports/<int:import_id>/mapping/", views.mapping, name="mapping"),
    path("imports/<int:import_id>/values/", views.values, name="values"),
    path("imports/<int:import_id>/commit/", views.commit, name="commit"),
    path("imports/<int:import_id>/stop/", views.stop, name="stop"),
    path("imports/<int:import_id>/undo/", views.undo, name="undo"),
    path("imports/<int:import_id>/refused.csv", views.refused, name="refused"),
]
