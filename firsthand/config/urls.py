"""Every room's URLs."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from firsthand.config import public_views
from firsthand.core.ui.components import components

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("firsthand.core.urls")),
    path("healthz", public_views.healthz, name="healthz"),
    path("readyz", public_views.readyz, name="readyz"),
    path("", include("firsthand.people.urls")),
    path("", include("firsthand.program.urls")),
    path("", include("firsthand.upkeep.urls")),
    path("", include("firsthand.intake.urls")),
    path("filters/", include("firsthand.people.filter_urls")),
    path("", include("firsthand.customers.urls")),
    path("", include("firsthand.deals.urls")),
    path("", include("firsthand.references.urls")),
    path("", include("firsthand.stories.urls")),
    path("", include("firsthand.requests.urls")),
    path("", include("firsthand.portal.urls")),
    path("", include("firsthand.desk.urls")),
]
if settings.DEBUG:
    urlpatterns.append(path("components/", components))
