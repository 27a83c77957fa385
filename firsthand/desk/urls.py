"""Addresses of the hall: record pages and search."""

from django.urls import path

from firsthand.desk import references, stories, views

app_name = "desk"
urlpatterns = [
    path("accounts/<int:account_id>/", views.account, name="account"),
    path("deals/<int:deal_id>/", views.deal, name="deal"),
    path("references/<int:reference_id>/", references.reference, name="reference"),
    path("stories/<int:story_id>/", stories.story, name="story"),
]
