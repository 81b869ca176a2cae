"""Access keys: made in three steps and shown once, switched off and on, deleted."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from accounts.forms import Description, RootKey, UseCase
from accounts.http import ConsoleRequest, signed_in
from accounts.views import new_key
from accounts.views.own import Owner
from accounts.views.password import shown
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import hx_redirect, redirect_with_flash

STEPS = ("Access key best practices & alternatives", "Set description tag", "Retrieve access keys")
ROOT_STEPS = ("Alternatives to root user access keys", "Retrieve access keys")
CHOSEN = "access_key_use_case"
# Whoever came from the rotation assistant (`?from=rotation`) is led back to it.
ROTATION = "access_key_rotation"


@signed_in
def create(request: ConsoleRequest, user_name: str = "") -> HttpResponse:
    """Step 1: what for, and what would be better. For root this is the only question."""
    owner = Owner(request.caller, user_name)
    if request.method == "GET":
        request.session.pop(ROTATION, None)
        if _in_rotation(request):
            request.session[ROTATION] = _whose(owner)
    if request.POST.get("wizard") == "cancel":
        return hx_redirect(request, owner.back)
    for_root = owner.caller.is_root and not owner.named
    data = request.POST if request.method == "POST" else None
    form = RootKey(data) if for_root else UseCase(data)
    context: dict[str, object] = {"form": form, "container_title": "" if for_root else "Use case", "for_root": for_root}
    if form.is_valid() and not for_root:
        request.session[CHOSEN] = _whose(owner)
        return hx_redirect(request, owner.url("access-key-description"))
    if form.is_valid():
        return _create(request, owner, "", context, "accounts/access_key_use_case.html", 1)
    return _wizard(request, "accounts/access_key_use_case.html", owner, 1, context)


@signed_in
def describe(request: ConsoleRequest, user_name: str = "") -> HttpResponse:
    """Step 2: a description; then the key is made."""
    owner = Owner(request.caller, user_name)
    if request.POST.get("wizard") == "cancel":
        return hx_redirect(request, owner.back)
    if request.POST.get("wizard") == "previous" or request.session.get(CHOSEN) != _whose(owner):
        return hx_redirect(request, owner.url("access-key-create"))
    form = Description(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form, "submit_text": "Create access key"}
    if form.is_valid():
        text = form.cleaned_data["description"]
        return _create(request, owner, text, context, "accounts/access_key_description.html", 2)
    return _wizard(request, "accounts/access_key_description.html", owner, 2, context)


@signed_in
def retrieve(request: ConsoleRequest, user_name: str = "") -> HttpResponse:
    """Step 3: the secret, this once."""
    owner = Owner(request.caller, user_name)
    back = owner.url("access-key-rotate") if request.session.get(ROTATION) == _whose(owner) else owner.back
    context: dict[str, object] = {"key": new_key.take(request, owner), "done_url": back}
    return _wizard(request, "accounts/access_key_done.html", owner, 3, context)


@signed_in
def status(request: ConsoleRequest, key_id: str, user_name: str = "") -> HttpResponse:
    """Activate or deactivate a key: `?to=Active` or `?to=Inactive`."""
    owner = Owner(request.caller, user_name)
    activate = request.GET.get("to") == "Active"
    verb, to = ("Activate", "Active") if activate else ("Deactivate", "Inactive")
    effect = "can sign requests again" if activate else "can no longer sign requests; it can be activated again"
    dialog = Confirm(
        title=f"{verb} access key?",
        text=f"The access key {key_id} of {owner.shown} {effect}.",
        button=verb,
        cancel_url=_back(request, owner),
        breadcrumbs=tuple(owner.crumbs("Access key")[:-1]),
    )
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    return _do(request, owner, dialog, "iam:UpdateAccessKey", {"AccessKeyId": key_id, "Status": to}, f"{verb}d")


@signed_in
def delete(request: ConsoleRequest, key_id: str, user_name: str = "") -> HttpResponse:
    """Delete a key for good; as in AWS's console it has to be inactive first."""
    owner = Owner(request.caller, user_name)
    dialog = Confirm(
        title="Delete access key?",
        text=f"Delete the access key {key_id} of {owner.shown} permanently. Whatever still uses it stops working.",
        button="Delete",
        cancel_url=_back(request, owner),
        word=key_id,
        label="To confirm deletion, enter the access key ID in the text input field.",
        warning="A deleted access key cannot be recovered. Deactivate it first, and see whether anything breaks.",
        breadcrumbs=tuple(owner.crumbs("Access key")[:-1]),
    )
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    if new_key.is_active(request, owner, key_id):
        return confirm_page(request, dialog, "Deactivate the access key before you delete it.")
    return _do(request, owner, dialog, "iam:DeleteAccessKey", {"AccessKeyId": key_id}, "deleted")


def _do(
    request: ConsoleRequest, owner: Owner, dialog: Confirm, name: str, given: dict[str, object], done: str
) -> HttpResponse:
    try:
        perform(request.caller, name, {**owner.optional, **given})
    except ApiError as error:
        return confirm_page(request, dialog, error)
    return redirect_with_flash(request, _back(request, owner), "success", f"Access key {done.lower()}.")


def _whose(owner: Owner) -> str | bool:
    """Whose key a session is about: a user's name, or one's own."""
    return owner.named or True


def _in_rotation(request: ConsoleRequest) -> bool:
    return request.GET.get("from") == "rotation"


def _back(request: ConsoleRequest, owner: Owner) -> str:
    return owner.url("access-key-rotate") if _in_rotation(request) else owner.back


def _create(
    request: ConsoleRequest, owner: Owner, description: str, context: dict[str, object], template: str, step: int
) -> HttpResponse:
    try:
        new_key.make(request, owner, description)
    except ApiError as error:
        return _wizard(request, template, owner, step, context | shown(error))
    request.session.pop(CHOSEN, None)
    return hx_redirect(request, owner.url("access-key-done"))


def _wizard(
    request: ConsoleRequest, template: str, owner: Owner, step: int, context: dict[str, object]
) -> HttpResponse:
    for_root = owner.caller.is_root and not owner.named
    steps = ROOT_STEPS if for_root else STEPS
    step = min(step, len(steps))
    frame = {
        "steps": steps,
        "step": step,
        "page_title": steps[step - 1],
        "owner": owner,
        "breadcrumbs": owner.crumbs("Create access key"),
    }
    return render(request, template, {**frame, **context})
