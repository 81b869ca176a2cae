"""What services outside read to verify this account's tokens; public by its nature, as public keys are."""

from __future__ import annotations

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from identities import outbound
from identities.models import TokenIssuer


@require_GET
def discovery(request: HttpRequest, issuer: str) -> JsonResponse:
    """The OpenID Connect discovery document of an account."""
    return JsonResponse(outbound.discovery(_issuer(issuer)))


@require_GET
def key_set(request: HttpRequest, issuer: str) -> JsonResponse:
    """The public keys of an account."""
    return JsonResponse(outbound.key_set(_issuer(issuer)))


def _issuer(name: str) -> TokenIssuer:
    found: TokenIssuer | None = TokenIssuer.objects.filter(pk=name).first()
    if found is None:
        raise Http404("There is no such issuer.")
    return found
