"""Addresses of deals."""

from django.urls import path

from firsthand.deals import views

app_name = "deals"
urlpatterns = [
    path("deals/", views.index, name="list"),
    path("deals/new/", views.new, name="new"),
    path("deals/<int:deal_id>/edit/", views.edit, name="edit"),
]
