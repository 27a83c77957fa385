"""References: the list and the deeds. The record page stands in `desk`."""

from django.urls import path

from firsthand.references import views

app_name = "references"
urlpatterns = [
    path("references/", views.index, name="list"),
    path("contacts/<int:contact_id>/enrollment/", views.enroll, name="enroll"),
    path("references/<int:reference_id>/edit/", views.edit, name="edit"),
    path("references/<int:reference_id>/holds/", views.hold, name="hold"),
    path("holds/<int:hold_id>/lifting/", views.lift, name="lift"),
    path("references/<int:reference_id>/consents/", views.consent, name="consent"),
    path("references/<int:reference_id>/activities/<slug:code>/", views.willingness, name="willingness"),
    path("accounts/<int:account_id>/standing/", views.standing, name="standing"),
]
