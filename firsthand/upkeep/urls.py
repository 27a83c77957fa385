"""What reaches across every room, in the browser: merges, the outbox, the notices."""

from django.urls import path

from firsthand.upkeep import join_views, merge_record_views, merge_views, public_views, views

app_name = "upkeep"
urlpatterns = [
    path("first-run/demo/", public_views.load_demo, name="load_demo"),
    path("facets/values/<int:value_id>/merge/", merge_views.merge_value, name="merge_value"),
    path("duplicates/", merge_record_views.duplicates, name="duplicates"),
    path("accounts/<int:account_id>/merge/", merge_record_views.merge_account, name="merge_account"),
    path("persons/<int:person_id>/merge/", merge_record_views.merge_person, name="merge_person"),
    path("deals/<int:deal_id>/join/", join_views.join, name="join_deal"),
    path("deals/<int:deal_id>/apart/", join_views.apart, name="tell_apart"),
    path("deals/<int:deal_id>/apart/<int:other_id>/undo/", join_views.again, name="ask_again"),
    path("merges/<int:change_id>/undo/", merge_record_views.undo, name="undo_merge"),
    path("messages/", views.outbox, name="outbox"),
    path("messages/<int:pk>/", views.message, name="message"),
    path("messages/<int:pk>/sending/", views.message_sending, name="message_sending"),
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.notices_read, name="notices_read"),
]
