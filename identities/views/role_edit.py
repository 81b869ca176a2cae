"""Changing a role: its description and longest session, its trust policy."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.ui.htmx import redirect_with_flash, render_page
from identities.forms_roles import RoleSettings
from identities.quotas import QUOTAS
from identities.views.role_page import RolePage, read_role
from identities.views.roles import role_crumbs
from policies.engine.validate import DocumentKind
from policies.findings import FindingsPanel, findings_panel
from policies.forms import Data, DocumentForm

TRUST_SIZE = QUOTAS["ACLSizePerRole"]


def trouble(error: ApiError) -> dict[str, object]:
    """An operation's error for a page: the Access denied box, or AWS's sentence."""
    return {"denied": error} if isinstance(error, AccessDenied) else {"error": error.message}


def need_role(request: ConsoleRequest, name: str) -> RolePage:
    """The role, for a form that is filled with what it has now. Raises AccessDenied and NoSuchEntity."""
    page = read_role(request, name)
    if page.answer.denied:
        raise page.answer.denied
    return page


@require_http_methods(["GET", "POST"])
@signed_in
def role_edit(request: ConsoleRequest, name: str) -> HttpResponse:
    """Description and maximum session duration."""
    if request.method != "POST":
        page = need_role(request, name)
        return _edit_page(request, name, RoleSettings.of(str(page.role.get("Description", "")), page.seconds))
    form = RoleSettings(request.POST)
    if not form.is_valid():
        return _edit_page(request, name, form, status=422)
    # A browser writes line ends as CR LF, which would count as two characters.
    description = form.cleaned_data["description"].replace("\r\n", "\n")
    given = {"RoleName": name, "Description": description, "MaxSessionDuration": form.chosen_seconds}
    try:
        door.perform(request.caller, "iam:UpdateRole", given)
    except ApiError as error:
        return _edit_page(request, name, form, trouble(error), 422)
    return redirect_with_flash(request, reverse("role", args=[name]), "success", f"Role {name} updated.")


def _edit_page(
    request: ConsoleRequest,
    name: str,
    form: RoleSettings,
    more: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page_title": f"Edit {name}",
        "form": form,
        "cancel_url": reverse("role", args=[name]),
        "breadcrumbs": role_crumbs(name, ("Edit", None)),
        **(more or {}),
    }
    return render_page(request, "identities/role_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def role_trust_edit(request: ConsoleRequest, name: str) -> HttpResponse:
    """The trust policy in the editor. What somebody else saved meanwhile is shown beside one's own text first."""
    current = need_role(request, name).trust
    if request.method != "POST":
        return _trust_page(request, name, trust_form(document=current), current)
    form = trust_form(request.POST)
    if request.POST.get("wizard") == "check":
        return _trust_page(request, name, form, current)
    stale = {"stale": current} if request.POST.get("version") != version_of(current) else {}
    if not form.is_valid() or trust_findings(form).errors or stale:
        return _trust_page(request, name, form, current, stale, 422)
    try:
        given = {"RoleName": name, "PolicyDocument": form.text}
        door.perform(request.caller, "iam:UpdateAssumeRolePolicy", given)
    except ApiError as error:
        return _trust_page(request, name, form, current, trouble(error), 422)
    return redirect_with_flash(request, reverse("role-trust", args=[name]), "success", "Trust policy updated.")


def version_of(document: str) -> str:
    """A trust policy has no versions: its text is its own mark."""
    return hashlib.sha256(document.encode()).hexdigest()[:16]


def trust_form(data: Data = None, *, document: str = "") -> DocumentForm:
    return DocumentForm(data, document=document, kind=DocumentKind.TRUST, quota=TRUST_SIZE, label="Trust policy")


def trust_findings(form: DocumentForm) -> FindingsPanel:
    return findings_panel(form.text, DocumentKind.TRUST, quota=TRUST_SIZE)


def _trust_page(
    request: ConsoleRequest,
    name: str,
    form: DocumentForm,
    current: str,
    more: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page_title": "Edit trust policy",
        "description": f"The trust policy of {name} says who can assume the role, and under which conditions.",
        "form": form,
        "findings": trust_findings(form),
        "version": version_of(current),
        "submit_text": "Update policy",
        "cancel_url": reverse("role-trust", args=[name]),
        "breadcrumbs": role_crumbs(name, ("Edit trust policy", None)),
        **(more or {}),
    }
    return render_page(request, "identities/role_trust_edit.html", context, status=status)
