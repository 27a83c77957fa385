"""What reaches across every room, in the browser: merges, the outbox, the notices."""

from django.urls import path

from firsthand.upkeep import merge_views, views

app_name = "upkeep"
urlpatterns = [
    path("facets/values/<int:value_id>/merge/", merge_views.merge_value, name="merge_value"),
    path("messages/", views.outbox, name="outbox"),
    path("messages/<int:pk>/", views.message, name="message"),
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.notices_read, name="notices_read"),
]
