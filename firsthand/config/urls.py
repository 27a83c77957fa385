"""Every room's URLs."""

from django.urls import URLPattern, URLResolver, include, path

from firsthand.config import public_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("firsthand.core.urls")),
    path("healthz", public_views.healthz),
    path("readyz", public_views.readyz),
    path("sign-in/", include("allauth.account.urls")),
]
