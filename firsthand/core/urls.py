"""The common door of signed links."""

from django.urls import path

from firsthand.core import public_views

urlpatterns = [
    path("l/<str:token>/", public_views.open_link, name="link"),
]
