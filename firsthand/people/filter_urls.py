"""Addresses of saved filters."""

from django.urls import path

from firsthand.people import filter_views

app_name = "filters"
urlpatterns = [
    path("<slug:list_name>/", filter_views.new, name="list"),
    path("<int:filter_id>/deletion/", filter_views.deletion, name="filter"),
]
