"""Addresses of the hall: record pages and search."""

from django.urls import path

from firsthand.desk import find, home, references, requests, stories, views

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("requests/<int:request_id>/", requests.request, name="request"),
    path("accounts/<int:account_id>/", views.account, name="account"),
    path("deals/<int:deal_id>/", views.deal, name="deal"),
    path("find/", find.find, name="find"),
    path("references/<int:reference_id>/", references.reference, name="reference"),
    path("stories/<int:story_id>/", stories.story, name="story"),
]
