"""Step 1 of creating a role: whom it trusts."""

from __future__ import annotations

from django.http import HttpResponse

from identities.forms_roles import CUSTOM, TrustedEntity
from identities.trusted import STARTER
from identities.views.role_edit import trust_findings, trust_form
from identities.views.role_wizard import DOCUMENT, RoleWizard
from policies.forms import DocumentForm, plain_lines


def step(wizard: RoleWizard) -> HttpResponse:
    account_id, request = wizard.request.caller.account_id, wizard.request
    if not wizard.posted:
        sent = wizard.sent(1)
        form = TrustedEntity(initial=sent.dict() or None, account_id=account_id)
        return _page(wizard, form, trust_form(document=plain_lines(sent.get("document", "")) or STARTER))
    form = TrustedEntity(request.POST, account_id=account_id)
    custom = form.kind == CUSTOM
    written = trust_form(request.POST) if custom else trust_form(document=plain_lines(_written(wizard)))
    if wizard.pressed == "check":
        # Drawn unchecked: only the findings were asked for.
        return _page(wizard, TrustedEntity(initial=request.POST.dict(), account_id=account_id), written)
    if not form.is_valid() or (custom and not _acceptable(written)):
        return _page(wizard, form, written, 422)
    return wizard.go(1, 2, **{DOCUMENT: written.text if custom else form.document()})


def _written(wizard: RoleWizard) -> str:
    return wizard.request.POST.get("document", "") or STARTER


def _acceptable(written: DocumentForm) -> bool:
    return written.is_valid() and not trust_findings(written).errors


def _page(wizard: RoleWizard, form: TrustedEntity, written: DocumentForm, status: int = 200) -> HttpResponse:
    context = {
        "entity": form,
        "form": written,
        "findings": trust_findings(written),
        "description": "A trusted entity is whoever may assume the role and act with its permissions.",
    }
    return wizard.page(1, "identities/role_create_trust.html", context, status)
