"""Changing the tags of a user."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.ui.forms import TagsEditor
from iamconsole.ui.htmx import redirect_with_flash, render_page
from identities.views.users import users_crumbs


@require_http_methods(["GET", "POST"])
@signed_in
def user_tags_edit(request: ConsoleRequest, name: str) -> HttpResponse:
    """Rows of keys and values; saving untags what is gone and tags what is new or changed."""
    listed = door.ask_all(request.caller, "iam:ListUserTags", "Tags", {"UserName": name})
    if listed.denied:
        raise listed.denied
    tags = listed.result["Tags"]
    assert isinstance(tags, list)
    before = {str(tag["Key"]): str(tag["Value"]) for tag in tags}
    if request.method != "POST":
        return _page(request, name, TagsEditor(list(before.items())))
    editor = TagsEditor.from_post(request.POST)
    if editor.edited:
        return _page(request, name, editor)
    if not checked(editor):
        return _page(request, name, editor, status=422)
    try:
        _save(request, name, before, editor)
    except ApiError as error:
        return _page(request, name, editor, error, 422)
    return redirect_with_flash(request, reverse("user-tags", args=[name]), "success", f"Tags of user {name} updated.")


def checked(editor: TagsEditor) -> bool:
    """Mark what can be seen to be wrong row by row; everything else is the operation's to say."""
    seen: set[str] = set()
    for number, (key, value) in enumerate(editor.rows):
        if value and not key:
            editor.errors[number] = "You must specify a tag key."
        elif key and key.casefold() in seen:
            editor.errors[number] = "You must specify a unique tag key."
        seen.add(key.casefold())
    return not editor.errors


def _save(request: ConsoleRequest, name: str, before: dict[str, str], editor: TagsEditor) -> None:
    after = dict(editor.pairs)
    gone = [key for key in before if key not in after]
    new = [{"Key": key, "Value": value} for key, value in editor.pairs if before.get(key) != value]
    if gone:
        door.perform(request.caller, "iam:UntagUser", {"UserName": name, "TagKeys": gone})
    if new:
        door.perform(request.caller, "iam:TagUser", {"UserName": name, "Tags": new})


def _page(
    request: ConsoleRequest, name: str, editor: TagsEditor, error: ApiError | None = None, status: int = 200
) -> HttpResponse:
    denied = error if isinstance(error, AccessDenied) else None
    context = {
        "page_title": "Manage tags",
        "description": "Tags are key-value pairs that help to identify, organize or search for users.",
        "tags": editor,
        "denied": denied,
        "error": "" if denied or error is None else error.message,
        "cancel_url": reverse("user-tags", args=[name]),
        "breadcrumbs": users_crumbs((name, reverse("user", args=[name])), ("Manage tags", None)),
    }
    return render_page(request, "identities/user_tags_edit.html", context, status=status)
