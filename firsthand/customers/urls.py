"""Addresses of accounts, their people and their signals."""

from django.urls import path

from firsthand.customers import views

app_name = "customers"
urlpatterns = [
    path("accounts/", views.index, name="list"),
    path("accounts/new/", views.new, name="new"),
    path("accounts/names/", views.names, name="names"),
    path("accounts/<int:account_id>/edit/", views.edit, name="edit"),
    path("accounts/<int:account_id>/values/", views.values, name="values"),
    path("accounts/<int:account_id>/people/", views.contacts, name="contacts"),
    path("accounts/<int:account_id>/people/new/", views.new_contact, name="new-contact"),
    path("accounts/<int:account_id>/signals/", views.signals, name="signals"),
    path("signals/<int:signal_id>/resolution/", views.resolution, name="resolution"),
    path("contacts/<int:contact_id>/edit/", views.contact, name="contact"),
    path("contacts/<int:contact_id>/leaving/", views.leaving, name="leaving"),
    path("contacts/<int:contact_id>/ties/", views.ties, name="ties"),
    path("ties/<int:tie_id>/deletion/", views.tie, name="tie"),
]
