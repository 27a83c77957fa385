"""The first visit, the policy, facets and activity types."""

from django.urls import path

from firsthand.program import policy_views, public_views, views

app_name = "program"
urlpatterns = [
    path("first-run/", public_views.first_run, name="first_run"),
    path("policy/", policy_views.policy, name="policy"),
    path("policy/new/", policy_views.change_policy, name="change_policy"),
    path("policy/versions/", policy_views.policy_versions, name="policy_versions"),
    path("facets/", views.facets, name="facets"),
    path("facets/new/", views.new_facet, name="new_facet"),
    path("facets/<int:facet_id>/", views.facet, name="facet"),
    path("facets/<int:facet_id>/retirement/", views.facet_retirement, name="facet_retirement"),
    path("facets/<int:facet_id>/values/new/", views.new_value, name="new_value"),
    path("facets/values/<int:value_id>/", views.value, name="facet_value"),
    path("facets/values/<int:value_id>/retirement/", views.value_retirement, name="value_retirement"),
    path("activity-types/", views.activity_types, name="activity_types"),
    path("activity-types/<int:activity_type_id>/", views.activity_type, name="activity_type"),
    path("activity-types/<int:activity_type_id>/retirement/", views.activity_type_retirement, name="activity_type_retirement"),
]
