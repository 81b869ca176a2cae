"""Inline policies: written on one user, group or role."""

from __future__ import annotations

from functools import partial
from hashlib import sha256

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError, EntityAlreadyExists
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.forms import TagsEditor
from iamconsole.ui.htmx import redirect_with_flash
from policies.forms import InlineNameForm, NothingMoreForm
from policies.holders import PLURALS, Holder, holder_of
from policies.views import editing
from policies.views.editing import Task


@signed_in
def inline_policy_create(request: ConsoleRequest, plural: str, name: str) -> HttpResponse:
    """The way into the wizard."""
    return editing.start(request, "inline-policy-create-step", plural, name)


@require_http_methods(["GET", "POST"])
@signed_in
def inline_policy_create_step(request: ConsoleRequest, plural: str, name: str, token: str, step: int) -> HttpResponse:
    holder = holder_of(plural, name)
    _need(request, holder)
    task = Task(
        title="Create inline policy",
        review_title="Review and create",
        submit="Create policy",
        step_url=lambda number: _url("inline-policy-create-step", holder, token, number),
        cancel_url=holder.url,
        crumbs=holder.crumbs,
        review_form=InlineNameForm,
        finish=partial(_create, holder=holder),
        quota=holder.inline_quota,
        facts=((holder.shown_noun.capitalize(), holder.name),),
    )
    return editing.write_policy(request, task, token, step)


@signed_in
def inline_policy_edit(request: ConsoleRequest, plural: str, name: str, policy: str) -> HttpResponse:
    return editing.start(request, "inline-policy-edit-step", plural, name, policy)


@require_http_methods(["GET", "POST"])
@signed_in
def inline_policy_edit_step(
    request: ConsoleRequest, plural: str, name: str, policy: str, token: str, step: int
) -> HttpResponse:
    holder = holder_of(plural, name)
    document = _document(request, holder, policy)
    task = Task(
        title=f"Edit {policy}",
        editor_title=f"Modify permissions in {policy}",
        review_title="Review and save",
        submit="Save changes",
        step_url=lambda number: _url("inline-policy-edit-step", holder, policy, token, number),
        cancel_url=holder.url,
        crumbs=holder.crumbs,
        review_form=NothingMoreForm,
        finish=partial(_save, holder=holder, policy=policy),
        document=document,
        quota=holder.inline_quota,
        version=sha256(document.encode()).hexdigest()[:12],
        facts=((holder.shown_noun.capitalize(), holder.name), ("Policy name", policy)),
    )
    return editing.write_policy(request, task, token, step)


@require_http_methods(["GET", "POST"])
@signed_in
def inline_policy_delete(request: ConsoleRequest, plural: str, name: str, policy: str) -> HttpResponse:
    """The dialog, and the deletion."""
    holder = holder_of(plural, name)
    dialog = Confirm(
        title=f"Delete {policy}?",
        text=f"Delete the inline policy {policy} of the {holder.shown_noun} {name} permanently?",
        button="Delete",
        cancel_url=holder.url,
        breadcrumbs=tuple(holder.crumbs),
    )
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    try:
        door.perform(request.caller, holder.operation("Delete{}Policy"), holder.given(PolicyName=policy))
    except ApiError as error:
        return confirm_page(request, dialog, error)
    return redirect_with_flash(request, holder.url, "success", "1 inline policy removed")


def _url(route: str, holder: Holder, *more: str | int) -> str:
    return reverse(route, args=[PLURALS[holder.kind], holder.name, *more])


def _need(request: ConsoleRequest, holder: Holder) -> None:
    """404 for one that does not exist, before anything is typed; who may not look is told at the end by the write."""
    door.ask(request.caller, holder.operation("Get{}"), holder.member)


def _document(request: ConsoleRequest, holder: Holder, policy: str) -> str:
    answer = door.perform(request.caller, holder.operation("Get{}Policy"), holder.given(PolicyName=policy))
    return str(answer["PolicyDocument"])


def _create(
    request: ConsoleRequest, document: str, form: forms.Form, tags: TagsEditor, *, holder: Holder
) -> HttpResponse:
    name = form.cleaned_data["name"]
    # PutUserPolicy would silently take the place of a policy of that name.
    listed = door.ask_all(request.caller, holder.operation("List{}Policies"), "PolicyNames", holder.member)
    names = listed.result.get("PolicyNames", [])
    assert isinstance(names, list)
    if name in names:
        raise EntityAlreadyExists(f"An inline policy called {name} already exists. Duplicate names are not allowed.")
    _put(request, holder, name, document)
    return redirect_with_flash(request, holder.url, "success", f"Policy {name} created.")


def _save(
    request: ConsoleRequest, document: str, form: forms.Form, tags: TagsEditor, *, holder: Holder, policy: str
) -> HttpResponse:
    _put(request, holder, policy, document)
    return redirect_with_flash(request, holder.url, "success", f"Policy {policy} updated.")


def _put(request: ConsoleRequest, holder: Holder, policy: str, document: str) -> None:
    given = holder.given(PolicyName=policy, PolicyDocument=document)
    door.perform(request.caller, holder.operation("Put{}Policy"), given)
