"""Every room's URLs."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("firsthand.core.urls")),
    path("sign-in/", include("allauth.account.urls")),
]
