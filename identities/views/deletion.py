"""Deleting groups and roles like the console does: one call for everything AWS wants gone first, then one for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpResponse

from accounts.caller import Caller
from accounts.http import ConsoleRequest
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import flash, redirect_with_flash
from identities.models import Group, Role
from policies.crumbs import Crumbs
from policies.holders import Holder
from policies.views.permissions import permission_rows

# What has to go before: words for it, the operation, its inputs.
Part = tuple[str, str, dict[str, object]]


@dataclass(frozen=True)
class Deletion:
    """One page of deleting: what is deleted, what it says of that, by which operation and after what else."""

    model: type[Group] | type[Role]
    names: list[str]
    text: Callable[[Caller, list[str]], str]
    operation: Callable[[Caller, str], str]
    parts: Callable[[Caller, str], Iterator[Part]]
    list_url: str
    cancel_url: str
    crumbs: Crumbs

    @property
    def kind(self) -> str:
        return self.model.arn_type

    @property
    def noun(self) -> str:
        return Holder(self.kind, "").shown_noun

    def counted(self, names: list[str]) -> str:
        """The name of the only one, or "3 user groups"."""
        return names[0] if len(names) == 1 else f"{len(names)} {self.noun}s"


def chosen_names(request: ConsoleRequest) -> list[str]:
    """The names selected in a list, in the address or in the dialog's form."""
    sent = request.POST if request.method == "POST" else request.GET
    return list(dict.fromkeys(sent.getlist("selected")))


def delete_page(request: ConsoleRequest, deletion: Deletion) -> HttpResponse:
    """The dialog; sent with the right words, the deletion. What a refusal left standing is asked for again."""
    names = deletion.names
    dialog = _dialog(request, deletion, names)
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    for number, name in enumerate(names):
        done: list[str] = []
        try:
            _delete(request.caller, deletion, name, done)
        except ApiError as error:
            _tell(request, deletion, names[:number], name, done)
            return confirm_page(request, _dialog(request, deletion, names[number:]), error)
    return redirect_with_flash(request, deletion.list_url, "success", _deleted(deletion, names))


def _dialog(request: ConsoleRequest, deletion: Deletion, names: list[str]) -> Confirm:
    word = deletion.counted(names)
    what = f"{deletion.noun} name" if len(names) == 1 else "text"
    return Confirm(
        title=f"Delete {word}?",
        text=deletion.text(request.caller, names),
        button=f"Delete {deletion.noun}{'' if len(names) == 1 else 's'}",
        cancel_url=deletion.cancel_url,
        word=word,
        label=f"To confirm deletion, enter the {what} “{word}” in the text input field.",
        action=request.path,
        hidden=tuple(("selected", name) for name in names),
        breadcrumbs=tuple(deletion.crumbs),
    )


def _delete(caller: Caller, deletion: Deletion, name: str, done: list[str]) -> None:
    """`done` tells what went, should a later call fail."""
    holder = Holder(deletion.kind, name)
    operation = deletion.operation(caller, name)
    if not door.would(caller, operation, holder.member).allowed:
        # Refused, and recorded as such, before anything is taken away in vain.
        door.perform(caller, operation, holder.member)
    for what, part, given in deletion.parts(caller, name):
        door.perform(caller, part, given)
        done.append(what)
    door.perform(caller, operation, holder.member)


def policy_parts(caller: Caller, holder: Holder) -> Iterator[Part]:
    """The policies of a group or role: attached ones are detached, inline ones deleted."""
    rows, denied = permission_rows(caller, holder)
    if denied:
        raise denied[0]
    for row in rows:
        if row.inline:
            yield f"inline policy {row.name}", holder.operation("Delete{}Policy"), holder.given(PolicyName=row.name)
        else:
            yield f"policy {row.name}", holder.operation("Detach{}Policy"), holder.given(PolicyArn=row.arn)


def _deleted(deletion: Deletion, names: list[str]) -> str:
    if len(names) == 1:
        return f"{deletion.noun.capitalize()} {names[0]} deleted."
    return f"{deletion.counted(names)} deleted."


def _tell(request: ConsoleRequest, deletion: Deletion, deleted: list[str], name: str, done: list[str]) -> None:
    if deleted:
        flash(request, "success", _deleted(deletion, deleted))
    if done:
        flash(request, "warning", f"Gone from {deletion.noun} {name} before the error: {', '.join(done)}.")
