"""Requests and asks: lists, forms and deeds. The record page stands in `desk`."""

from django.urls import path

from firsthand.requests import public_views, views

app_name = "requests"
urlpatterns = [
    path("requests/", views.listing.index, name="list"),
    path("requests/competing/", views.queue.competing, name="competing"),
    path("requests/moves/", views.queue.moves, name="moves"),
    path("requests/new/", views.filing.new, name="new"),
    path("requests/new/matches/", views.filing.preview, name="preview"),
    path("requests/new/traits/", views.filing.traits_of, name="traits"),
    path("requests/new/deals/", views.filing.deals, name="deals"),
    path("requests/new/names/", views.filing.names, name="names"),
    path("requests/<int:pk>/edit/", views.filing.edit, name="edit"),
    path("requests/<int:pk>/submission/", views.deeds.submission, name="submission"),
    path("requests/<int:pk>/question/", views.deeds.question, name="question"),
    path("requests/<int:pk>/answer/", views.deeds.answer, name="answer"),
    path("requests/<int:pk>/notes/", views.deeds.notes, name="notes"),
    path("requests/<int:pk>/content/", views.deeds.content, name="content"),
    path("requests/<int:pk>/content/confirmation/", views.deeds.content_confirmation, name="content_confirmation"),
    path("requests/<int:pk>/reopening/", views.deeds.reopening, name="reopening"),
    path("requests/<int:pk>/withdrawal/", views.deeds.withdrawal, name="withdrawal"),
    path("requests/<int:pk>/manager/", views.queue.manager, name="manager"),
    path("requests/<int:pk>/closing/", views.deeds.closing, name="closing"),
    path("requests/<int:pk>/matches/", views.matches.matches, name="matches"),
    path("outside/new/", views.outside.new, name="outside_new"),
    path("outside/<int:pk>/", views.outside.outside, name="outside"),
    path("asks/<int:pk>/", views.asks.ask, name="ask"),
    path("asks/<int:pk>/approval/", views.asks.approval, name="approval"),
    path("asks/<int:pk>/sending/", views.asks.sending, name="sending"),
    path("asks/<int:pk>/answer/", views.asks.answer, name="ask_answer"),
    path("asks/<int:pk>/time/", views.asks.time, name="time"),
    path("asks/<int:pk>/swap/", views.meeting.swap, name="swap"),
    path("asks/<int:pk>/times/", views.meeting.times, name="times"),
    path("asks/<int:pk>/brief/", views.meeting.brief, name="brief"),
    path("asks/<int:pk>/introduction/", views.asks.introduction, name="introduction"),
    path("asks/<int:pk>/outcome/", views.asks.outcome, name="outcome"),
    path("asks/<int:pk>/cancellation/", views.asks.cancellation, name="cancellation"),
    path("asks/<int:pk>/exception/", views.asks.exception, name="exception"),
    path("asks/<int:pk>/debrief/", views.asks.debrief, name="debrief"),
    path("exceptions/", views.exceptions.index, name="exceptions"),
    path("answers/<int:link_id>/", public_views.answer, name="answer_link"),
    path("picks/<int:link_id>/", public_views.pick, name="pick_link"),
    path("questions/<int:link_id>/", public_views.info, name="info_link"),
    path("approvals/<int:link_id>/", public_views.approval, name="approval_link"),
]
