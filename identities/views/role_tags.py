"""Changing the tags of a role."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from iamconsole.ui.forms import TagsEditor
from iamconsole.ui.htmx import redirect_with_flash, render_page
from identities.views.role_edit import trouble
from identities.views.roles import role_crumbs
from identities.views.user_tags import checked


@require_http_methods(["GET", "POST"])
@signed_in
def role_tags_edit(request: ConsoleRequest, name: str) -> HttpResponse:
    """Rows of keys and values; saving untags what is gone and tags what is new or changed."""
    listed = door.ask_all(request.caller, "iam:ListRoleTags", "Tags", {"RoleName": name})
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
    return redirect_with_flash(request, reverse("role-tags", args=[name]), "success", f"Tags of role {name} updated.")


def _save(request: ConsoleRequest, name: str, before: dict[str, str], editor: TagsEditor) -> None:
    after = dict(editor.pairs)
    gone = [key for key in before if key not in after]
    new = [{"Key": key, "Value": value} for key, value in editor.pairs if before.get(key) != value]
    if gone:
        door.perform(request.caller, "iam:UntagRole", {"RoleName": name, "TagKeys": gone})
    if new:
        door.perform(request.caller, "iam:TagRole", {"RoleName": name, "Tags": new})


def _page(
    request: ConsoleRequest, name: str, editor: TagsEditor, error: ApiError | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "page_title": "Manage tags",
        "description": "Tags are key-value pairs that help to identify, organize or search for roles.",
        "tags": editor,
        "cancel_url": reverse("role-tags", args=[name]),
        "breadcrumbs": role_crumbs(name, ("Manage tags", None)),
        **(trouble(error) if error else {}),
    }
    return render_page(request, "policies/tags_edit.html", context, status=status)
