"""Temporary credentials for the command line, from the session that is open: shown once, kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from accounts.views.own import crumbs
from accounts.views.password import shown
from accounts.views.recovery import base_url
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError
from iamconsole.operations.secrets import Secret

TITLE = "Get temporary credentials"
HOURS = {"1": "1 hour", "4": "4 hours", "12": "12 hours"}
PROFILE = "iamconsole"


class Duration(forms.Form):
    """How long they are to work; root's never longer than an hour."""

    hours = forms.ChoiceField(label="Valid for", choices=list(HOURS.items()), initial="1")

    def __init__(self, request: ConsoleRequest) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        if request.caller.is_root:
            self.fields["hours"].choices = [("1", HOURS["1"])]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Issued:
    """The credentials as the environment of a shell, and as a profile."""

    key_id: str
    expires: datetime
    endpoint: str
    secret: str = field(repr=False)
    token: str = field(repr=False)

    @property
    def _variables(self) -> tuple[tuple[str, str], ...]:
        return (
            ("AWS_ACCESS_KEY_ID", self.key_id),
            ("AWS_SECRET_ACCESS_KEY", self.secret),
            ("AWS_SESSION_TOKEN", self.token),
            ("AWS_DEFAULT_REGION", "us-east-1"),
            ("AWS_ENDPOINT_URL", self.endpoint),
        )

    @property
    def bash(self) -> str:
        return "\n".join(f'export {name}="{value}"' for name, value in self._variables)

    @property
    def powershell(self) -> str:
        return "\n".join(f'$Env:{name}="{value}"' for name, value in self._variables)

    @property
    def profile(self) -> str:
        named = {"AWS_DEFAULT_REGION": "region", "AWS_ENDPOINT_URL": "endpoint_url"}
        lines = [f"{named.get(name, name.lower())} = {value}" for name, value in self._variables]
        return "\n".join([f"[{PROFILE}]", *lines])


@require_http_methods(["GET", "POST"])
@signed_in
def temporary_credentials(request: ConsoleRequest) -> HttpResponse:
    """Ask for how long; the answer shows them, and asking again makes new ones."""
    form = Duration(request)
    context: dict[str, object] = {
        "page_title": TITLE,
        "breadcrumbs": crumbs(TITLE),
        "form": form,
        "has_mfa": bool(request.caller.mfa),
        "profile": PROFILE,
    }
    if form.is_valid():
        try:
            context["issued"] = _issue(request, int(form.cleaned_data["hours"]) * 3600)
        except ApiError as error:
            context |= shown(error)
    return render(request, "accounts/temporary_credentials.html", context)


def _issue(request: ConsoleRequest, seconds: int) -> Issued:
    made = perform(request.caller, "sts:GetSessionToken", {"DurationSeconds": seconds})["Credentials"]
    assert isinstance(made, dict)
    secret, token, expires = made["SecretAccessKey"], made["SessionToken"], made["Expiration"]
    assert isinstance(secret, Secret) and isinstance(expires, datetime)
    plain = token.reveal() if isinstance(token, Secret) else str(token)
    return Issued(str(made["AccessKeyId"]), expires, base_url(request), secret.reveal(), plain)
