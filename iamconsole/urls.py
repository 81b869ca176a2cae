"""The address book: each app brings its own pages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("iamconsole.ui.urls")),
    path("", include("accounts.urls")),
    path("iam/", include("identities.urls")),
    path("iam/", include("policies.urls")),
    path("", include("iamconsole.events.urls")),
]
