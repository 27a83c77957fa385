"""Stories: the list and the deeds. The record page stands in `desk`."""

from django.urls import path

from firsthand.stories import part_views, views

app_name = "stories"
urlpatterns = [
    path("stories/", views.index, name="list"),
    path("stories/new/", views.choose_account, name="choose_account"),
    path("accounts/<int:account_id>/stories/new/", views.new, name="new"),
    path("stories/<int:story_id>/edit/", views.edit, name="edit"),
    path("stories/<int:story_id>/retirement/", views.retire, name="retire"),
    path("stories/<int:story_id>/return/", views.bring_back, name="bring_back"),
    path("stories/<int:story_id>/values/", views.add_value, name="add_value"),
    path("stories/<int:story_id>/values/removal/", views.drop_value, name="drop_value"),
    path("stories/<int:story_id>/metrics/", part_views.add_metric, name="add_metric"),
    path("metrics/<int:metric_id>/", part_views.edit_metric, name="edit_metric"),
    path("metrics/<int:metric_id>/removal/", part_views.remove_metric, name="remove_metric"),
    path("stories/<int:story_id>/tellers/", part_views.add_teller, name="add_teller"),
    path("tellers/<int:person_id>/", part_views.edit_teller, name="edit_teller"),
    path("tellers/<int:person_id>/removal/", part_views.remove_teller, name="remove_teller"),
    path("stories/<int:story_id>/assets/", part_views.add_asset, name="add_asset"),
    path("assets/<int:asset_id>/", part_views.edit_asset, name="edit_asset"),
    path("assets/<int:asset_id>/retirement/", part_views.retire_asset, name="retire_asset"),
    path("assets/<int:asset_id>/return/", part_views.bring_back_asset, name="bring_back_asset"),
]
