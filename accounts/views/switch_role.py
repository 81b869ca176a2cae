"""Switch role: the page and its link form, the history of roles, and the way back."""

from __future__ import annotations

import re

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods, require_POST

from accounts import role_history, slots, switching
from accounts.http import ConsoleRequest, signed_in
from accounts.menu import Menu
from accounts.models import RoleHistory
from accounts.queries import find_account
from accounts.role_history import COLOURS, RoleLink
from accounts.sessions import SignedIn
from accounts.tables import ROLE_HISTORY, past_role
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.ui.forms import describe
from iamconsole.ui.htmx import hx_redirect, redirect_with_flash, render_page
from iamconsole.ui.nav import url_or_none

# AWS's own words for whatever is wrong: the page tells a stranger nothing about another account's roles.
FAILED = "Invalid information in one or more fields. Check your information or contact your administrator."
DONE = {"pin": "pinned", "unpin": "unpinned", "remove": "removed from your role history"}
_SPACED = re.compile(r"[\s-]")
_ID = re.compile(r"[0-9]{12}", re.ASCII)


class SwitchRole(forms.Form):
    """The fields are called as in AWS's links: account, roleName, displayName, color."""

    account = forms.CharField(
        label="Account ID",
        max_length=63,
        help_text="The 12-digit account ID or the account alias.",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    roleName = forms.CharField(  # noqa: N815
        label="IAM role name",
        max_length=576,
        help_text="The name of the role, with its path if it has one: division/role.",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    displayName = forms.CharField(  # noqa: N815
        label="Display name",
        max_length=64,
        required=False,
        help_text="Shown in the navigation bar while the role is active.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    color = describe(forms.ChoiceField(label="Display color", required=False, choices=[("", "None"), *COLOURS.items()]))

    def link(self) -> RoleLink:
        """What was asked for."""
        account, role = self.cleaned_data["account"].strip(), self.cleaned_data["roleName"].strip().strip("/")
        digits = _SPACED.sub("", account)
        display = self.cleaned_data["displayName"].strip() or f"{role.rsplit('/', 1)[-1]} @ {account}"[:64]
        return RoleLink(
            digits if _ID.fullmatch(digits) else _by_alias(account), role, display, self.cleaned_data["color"]
        )

    @property
    def by_alias(self) -> bool:
        return not _ID.fullmatch(_SPACED.sub("", self.cleaned_data["account"]))

    def clean_displayName(self) -> str:  # noqa: N802
        """The bar must show what it says: no characters that turn or hide others."""
        text: str = self.cleaned_data["displayName"]
        if not text.isprintable():
            raise forms.ValidationError("The display name contains characters that cannot be shown.")
        return text


@require_http_methods(["GET", "POST"])
@signed_in
def switch_role(request: ConsoleRequest) -> HttpResponse:
    """The form, filled in by the link that led here; nothing happens before it is sent."""
    if request.method != "POST":
        return _page(request, SwitchRole(initial=_linked(request.GET)))
    form = SwitchRole(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    return _switch(request, form)


def _switch(request: ConsoleRequest, form: SwitchRole) -> HttpResponse:
    found: SignedIn = request.signed_in
    link, now = form.link(), timezone.now()
    slot = Menu(request).free_slot if request.POST.get("new") else slots.slot_of(request)
    if slot is None:
        return _page(request, form, status=422, error="You have 5 sessions in this browser. Sign out of one first.")
    to = reverse("dashboard")
    try:
        acting = switching.assume(found, link, now)
    except ApiError as refusal:
        if form.by_alias and link.account != found.person.account_id:
            # The refusal names the account: it would tell whose alias it is, and whether it is anybody's.
            return _page(request, form, status=403, error=FAILED)
        return _page(request, form, refusal, 403 if isinstance(refusal, AccessDenied) else 422)
    if not request.POST.get("new"):
        switching.switch(request, found, acting, link, now, to)
        return hx_redirect(request, to)
    to = slots.address(slot, "/iam/")
    key = switching.switch_elsewhere(found, acting, link, now, slot, to)
    response = hx_redirect(request, to)
    slots.set_key(response, slot, key)
    return response


@require_POST
@signed_in
def switch_back(request: ConsoleRequest) -> HttpResponse:
    """Be the user again."""
    found: SignedIn = request.signed_in
    if found.row is not None and found.row.role is not None:
        switching.back(request, found, timezone.now(), reverse("dashboard"))
    return hx_redirect(request, reverse("dashboard"))


@require_POST
@signed_in
def history_edit(request: ConsoleRequest) -> HttpResponse:
    """Pin a role in the history, take the pin off, or remove the role from it."""
    person = request.signed_in.person
    do = next((do for do in ("pin", "unpin", "remove") if do in request.POST), "")
    wanted = request.POST.get(do, "")
    own = role_history.history_of(person.account_id, person.principal_id)
    row: RoleHistory | None = own.filter(pk=wanted).first() if re.fullmatch(r"[0-9]{1,15}", wanted) else None
    if row is None:
        raise Http404("There is no such role in your history.")
    if do == "remove":
        role_history.forget(row)
    else:
        role_history.pin(row, do == "pin")
    text = f"{row.display_name} {DONE[do]}."
    return redirect_with_flash(request, reverse("switch-role"), "success", text)


def _by_alias(alias: str) -> str:
    """The account of an alias; one that nobody has stands for an account that is not there, and costs the same work."""
    known = find_account(alias.lower())
    return known.pk if known else str(int(salted_hmac("nobodys-alias", alias.lower()).hexdigest(), 16))[-12:]


def _linked(query: QueryDict) -> dict[str, str]:
    """What a link fills in. Colours come by AWS's value or by name."""
    colour = query.get("color", "").lstrip("#").upper()
    by_name = {name.upper(): value for value, name in COLOURS.items()}
    account, role = query.get("account", "")[:63], query.get("roleName", "")[:576]
    display = query.get("displayName", "")[:64] or (f"{role.rsplit('/', 1)[-1]} @ {account}"[:64] if role else "")
    return {"account": account, "roleName": role, "displayName": display, "color": by_name.get(colour, colour)}


def _page(
    request: ConsoleRequest, form: SwitchRole, refusal: ApiError | None = None, status: int = 200, error: str = ""
) -> HttpResponse:
    found: SignedIn = request.signed_in
    person = found.person
    rows = [] if person.is_root else list(role_history.history_of(person.account_id, person.principal_id))
    context = {
        "page_title": "Switch Role",
        "breadcrumbs": [("IAM", url_or_none("dashboard")), ("Switch Role", None)],
        "form": form,
        "is_root": person.is_root,
        "first_time": not rows,
        "failed": FAILED if refusal else error,
        # Under a role the refusal stands in the user's account, where the role cannot look it up.
        "denied": refusal if isinstance(refusal, AccessDenied) and request.caller == person else None,
        "detail": "" if refusal is None or refusal.message == FAILED else refusal.message,
        "new_session": bool(request.GET.get("new") or request.POST.get("new")),
        "table": ROLE_HISTORY.bind(request, [past_role(row) for row in rows], heading=2),
        "cancel_url": reverse("dashboard"),
    }
    return render_page(request, "accounts/switch_role.html", context, fragment="ui/_table.html", status=status)


def role_link(request: HttpRequest, account: str, role: str) -> str:
    """The link that an administrator hands on: it fills in the form."""
    query = QueryDict(mutable=True)
    query["roleName"], query["account"] = role, account
    return f"{slots.shareable(request, 'switch-role')}?{query.urlencode(safe='/')}"
