"""Addresses of the event history."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from iamconsole.events import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("cloudtrail/events/", views.events, name="events"),
    re_path(r"^cloudtrail/events/download\.(?P<form>csv|json)$", views.download, name="events-download"),
    path("cloudtrail/events/<uuid:event_id>/", views.event, name="event"),
]
