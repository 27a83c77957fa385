"""What reaches across every room, in the browser."""

from django.urls import path

from firsthand.upkeep import merge_views

app_name = "upkeep"
urlpatterns = [
    path("facets/values/<int:value_id>/merge/", merge_views.merge_value, name="merge_value"),
]
