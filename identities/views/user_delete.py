"""Deleting users like the console does: with one call for everything that AWS wants gone first, then the user."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.caller import Caller
from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError, NoSuchEntity
from iamconsole.ui.forms import ConfirmForm
from iamconsole.ui.htmx import flash, redirect_with_flash, render_page
from identities.mfa_kinds import MfaKind, kind_of
from identities.tables_users import USED_KEYS
from identities.user_rows import UserRow, user_rows
from identities.views.users import users_crumbs

Given = dict[str, object]
CREDENTIAL = "ServiceSpecificCredential"
KEYS_AND_CERTIFICATES = (
    ("signing certificate", "SigningCertificate", "Certificates", "CertificateId"),
    ("SSH public key", "SSHPublicKey", "SSHPublicKeys", "SSHPublicKeyId"),
    ("service credential", CREDENTIAL, f"{CREDENTIAL}s", f"{CREDENTIAL}Id"),
)


@dataclass(frozen=True)
class Doomed:
    """A user in the dialog; of `row` only what the caller may know is shown."""

    name: str
    row: UserRow | None

    @property
    def activity_known(self) -> bool:
        return self.row is not None and self.row.may(*USED_KEYS)

    @property
    def active_keys(self) -> bool:
        return self.row is not None and self.row.may("iam:ListAccessKeys") and bool(self.row.active_keys)


@require_http_methods(["GET", "POST"])
@signed_in
def user_delete(request: ConsoleRequest, name: str) -> HttpResponse:
    """One user, from its page."""
    door.ask(request.caller, "iam:GetUser", {"UserName": name})  # a name nobody has is a page not found
    return _delete_page(request, [name], reverse("user", args=[name]))


@require_http_methods(["GET", "POST"])
@signed_in
def users_delete(request: ConsoleRequest) -> HttpResponse:
    """The users chosen in the list, by `?selected=` or `?name=`."""
    sent = request.POST if request.method == "POST" else request.GET
    names = list(dict.fromkeys([*sent.getlist("selected"), *sent.getlist("name")]))
    if not names:
        return redirect_with_flash(request, reverse("users"), "info", "Select the users to delete first.")
    return _delete_page(request, names, reverse("users"))


def _delete_page(request: ConsoleRequest, names: list[str], cancel_url: str) -> HttpResponse:
    word = names[0] if len(names) == 1 else f"{len(names)} users"
    form = ConfirmForm(word, request.POST if request.method == "POST" else None)
    what = "user name" if len(names) == 1 else "text"
    form.fields["confirm"].label = f"To confirm deletion, enter the {what} “{word}” in the text input field."
    if not form.is_valid():
        return _dialog(request, names, form, cancel_url)
    deleted: list[str] = []
    for name in names:
        done: list[str] = []
        try:
            delete(request.caller, name, done)
        except ApiError as error:
            _tell(request, deleted, name, done)
            return _dialog(request, names[len(deleted) :], form, cancel_url, error)
        deleted.append(name)
    return redirect_with_flash(request, reverse("users"), "success", _deleted(deleted))


def _deleted(names: list[str]) -> str:
    return f"User {names[0]} deleted." if len(names) == 1 else f"{len(names)} users deleted."


def _tell(request: ConsoleRequest, deleted: list[str], name: str, done: list[str]) -> None:
    if deleted:
        flash(request, "success", _deleted(deleted))
    if done:
        flash(request, "warning", f"Gone from user {name} before the error: {', '.join(done)}.")


def _dialog(
    request: ConsoleRequest, names: list[str], form: ConfirmForm, cancel_url: str, error: ApiError | None = None
) -> HttpResponse:
    rows = {row.name.lower(): row for row in user_rows(request.caller, names)}
    users = [Doomed(name, _visible(rows.get(name.lower()))) for name in names]
    denied = error if isinstance(error, AccessDenied) else None
    title = f"Delete {names[0]}?" if len(names) == 1 else f"Delete {len(names)} users?"
    context = {
        "title": title,
        "page_title": title,
        "users": users,
        "names": names,
        "active_keys": any(user.active_keys for user in users),
        "form": form,
        "denied": denied,
        "error": "" if denied or error is None else error.message,
        "button": "Delete user" if len(names) == 1 else "Delete users",
        "cancel_url": cancel_url,
        "action": request.path,
        "breadcrumbs": users_crumbs((title, None)),
    }
    status = 422 if request.method == "POST" else 200
    return render_page(
        request, "identities/user_delete.html", context, fragment="identities/_user_delete.html", status=status
    )


def _visible(row: UserRow | None) -> UserRow | None:
    return row if row is not None and row.may("iam:GetUser") else None


def delete(caller: Caller, name: str, done: list[str]) -> None:
    """Everything of a user, then the user; `done` tells what went, should a later call fail."""
    _need_deletable(caller, name)
    for what, operation, given in _parts(caller, name):
        door.perform(caller, operation, given)
        done.append(what)
    door.perform(caller, "iam:DeleteUser", {"UserName": name})


def _need_deletable(caller: Caller, name: str) -> None:
    """Find out whether the user itself can go, before anything is taken away for it."""
    if not door.would(caller, "iam:DeleteUser", {"UserName": name}).allowed:
        door.perform(caller, "iam:DeleteUser", {"UserName": name})


def _parts(caller: Caller, name: str) -> Iterator[tuple[str, str, Given]]:
    """What has to go, as (words, operation, inputs); each kind is listed when its turn comes."""
    user: Given = {"UserName": name}
    if _has_console(caller, user):
        yield "console password", "iam:DeleteLoginProfile", user
    for key in _listed(caller, "iam:ListAccessKeys", "AccessKeyMetadata", user):
        yield f"access key {key['AccessKeyId']}", "iam:DeleteAccessKey", {**user, "AccessKeyId": key["AccessKeyId"]}
    for device in _listed(caller, "iam:ListMFADevices", "MFADevices", user):
        serial = {"SerialNumber": device["SerialNumber"]}
        yield "MFA device", "iam:DeactivateMFADevice", {**user, **serial}
        if kind_of(str(device["SerialNumber"])) is MfaKind.VIRTUAL:
            yield "MFA device's registration", "iam:DeleteVirtualMFADevice", serial
    yield from _keys_and_certificates(caller, user)
    for group in _listed(caller, "iam:ListGroupsForUser", "Groups", user):
        yield f"group {group['GroupName']}", "iam:RemoveUserFromGroup", {**user, "GroupName": group["GroupName"]}
    for policy in _listed(caller, "iam:ListAttachedUserPolicies", "AttachedPolicies", user):
        yield f"policy {policy['PolicyName']}", "iam:DetachUserPolicy", {**user, "PolicyArn": policy["PolicyArn"]}
    for inline in _listed(caller, "iam:ListUserPolicies", "PolicyNames", user):
        yield f"inline policy {inline}", "iam:DeleteUserPolicy", {**user, "PolicyName": inline}
    if _has_boundary(caller, user):
        yield "permissions boundary", "iam:DeleteUserPermissionsBoundary", user


def _keys_and_certificates(caller: Caller, user: Given) -> Iterator[tuple[str, str, Given]]:
    for words, noun, member, name in KEYS_AND_CERTIFICATES:
        for found in _listed(caller, f"iam:List{noun}s", member, user):
            yield f"{words} {found[name]}", f"iam:Delete{noun}", {**user, name: found[name]}


def _has_console(caller: Caller, user: Given) -> bool:
    try:
        return "LoginProfile" in door.perform(caller, "iam:GetLoginProfile", user)
    except NoSuchEntity:
        return False


def _has_boundary(caller: Caller, user: Given) -> bool:
    found = door.perform(caller, "iam:GetUser", user)["User"]
    assert isinstance(found, dict)
    return "PermissionsBoundary" in found


def _listed(caller: Caller, operation: str, member: str, user: Given) -> list[Any]:
    answer = door.ask_all(caller, operation, member, user)
    if answer.denied:
        raise answer.denied
    found = answer.result[member]
    assert isinstance(found, list)
    return found
