"""The first visit, the policy, facets and activity types."""

from django.urls import path

from firsthand.program import public_views

app_name = "program"
urlpatterns = [
    path("first-run/", public_views.first_run, name="first_run"),
]
