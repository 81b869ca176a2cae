"""The address book: each app brings its own pages."""

from __future__ import annotations

from django.urls import include, path

from identities.views import token_issuer

urlpatterns = [
    path("", include("iamconsole.ui.urls")),
    path("", include("accounts.urls")),
    path("iam/", include("identities.urls")),
    path("federation/<str:issuer>/.well-known/openid-configuration", token_issuer.discovery, name="token-discovery"),
    path("federation/<str:issuer>/.well-known/jwks.json", token_issuer.key_set, name="token-keys"),
    path("iam/", include("policies.urls")),
    path("", include("iamconsole.events.urls")),
]
