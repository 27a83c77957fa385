"""Colleagues and teams. Names without a namespace are those that allauth and Django ask for."""

from django.urls import include, path

from firsthand.people import public_views, views

colleagues = (
    [
        path("colleagues/", views.index, name="list"),
        path("colleagues/new/", views.new, name="new"),
        path("colleagues/<int:colleague_id>/", views.colleague, name="colleague"),
        path("colleagues/<int:colleague_id>/invitation/", views.invitation, name="invite"),
        path("colleagues/<int:colleague_id>/deactivation/", views.deactivation, name="deactivation"),
        path("colleagues/<int:colleague_id>/reactivation/", views.reactivation, name="reactivation"),
        path("teams/", views.teams, name="teams"),
        path("teams/new/", views.new_team, name="new_team"),
        path("teams/<int:team_id>/", views.team, name="team"),
        path("teams/<int:team_id>/removal/", views.team_removal, name="team_removal"),
        path("settings/", views.settings, name="settings"),
        path("settings/password/", views.password, name="password"),
        path("invitation/<int:link_id>/", public_views.set_password, {"purpose": "invitation"}, name="invitation"),
        path("new-password/<int:link_id>/", public_views.set_password, {"purpose": "new_password"}, name="new_password"),
    ],
    "people",
)

urlpatterns = [
    path("", include(colleagues)),
    path("sign-in/", public_views.sign_in, name="account_login"),
    path("sign-out/", public_views.sign_out, name="account_logout"),
    path("sign-in/inactive/", public_views.inactive, name="account_inactive"),
    path("sign-in/forgotten-password/", public_views.forgotten_password, name="account_reset_password"),
    path("sign-in/forgotten-password/sent/", public_views.forgotten_password_done, name="account_reset_password_done"),
]
