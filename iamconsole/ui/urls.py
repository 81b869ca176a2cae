"""Addresses of the ui app; include them at the root."""

from __future__ import annotations

from django.urls import path

from iamconsole.ui import views

urlpatterns = [
    path("preferences/", views.ui_state, name="ui-state"),
    path("preferences/table/", views.table_preferences, name="table-preferences"),
    path("ui-kit/", views.ui_kit, name="ui-kit"),
    path("ui-kit/delete/", views.ui_kit_confirm, name="ui-kit-delete"),
]
