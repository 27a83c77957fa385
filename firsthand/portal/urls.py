"""The reference's own page."""

from django.urls import path

from firsthand.portal import public_views

app_name = "portal"
urlpatterns = [
    path("yours/<int:link_id>/", public_views.page, name="page"),
]
