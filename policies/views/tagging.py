"""Changing the tags of a user, role or policy: rows of keys and values, saved all or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse

from accounts.caller import Caller
from accounts.http import ConsoleRequest
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.ui.forms import TagsEditor
from iamconsole.ui.htmx import redirect_with_flash, render_page
from identities.tags import ANY_CASE, EXACT, TagKeys, merged, without
from policies.crumbs import Crumbs


@dataclass(frozen=True)
class Tagged:
    """What carries the tags: its kind in AWS's operations (`ListUserTags`), the input that names it, its page."""

    kind: str
    member: Mapping[str, object]
    nouns: str
    back_url: str
    crumbs: Crumbs
    saved: str

    @property
    def keys(self) -> TagKeys:
        return EXACT if self.kind == "Policy" else ANY_CASE


def edit_tags(request: ConsoleRequest, tagged: Tagged) -> HttpResponse:
    """The page, and the saving: what is gone is untagged, what is new or changed is tagged."""
    listed = door.ask_all(request.caller, f"iam:List{tagged.kind}Tags", "Tags", tagged.member)
    if listed.denied:
        raise listed.denied
    tags = listed.result["Tags"]
    assert isinstance(tags, list)
    before = {str(tag["Key"]): str(tag["Value"]) for tag in tags}
    if request.method != "POST":
        return _page(request, tagged, TagsEditor(list(before.items())))
    editor = TagsEditor.from_post(request.POST)
    if editor.edited:
        return _page(request, tagged, editor)
    if not checked(editor, tagged.keys):
        return _page(request, tagged, editor, status=422)
    try:
        _save(request.caller, tagged, before, editor)
    except ApiError as error:
        return _page(request, tagged, editor, error, 422)
    return redirect_with_flash(request, tagged.back_url, "success", tagged.saved)


def checked(editor: TagsEditor, keys: TagKeys = ANY_CASE) -> bool:
    """Mark what can be seen to be wrong row by row; everything else is the operation's to say."""
    seen: set[str] = set()
    for number, (key, value) in enumerate(editor.rows):
        if value and not key:
            editor.errors[number] = "You must specify a tag key."
        elif key and keys.same(key) in seen:
            editor.errors[number] = "You must specify a unique tag key."
        seen.add(keys.same(key))
    return not editor.errors


def _save(caller: Caller, tagged: Tagged, before: dict[str, str], editor: TagsEditor) -> None:
    after = dict(editor.pairs)
    gone = [key for key in before if key not in after]
    new = [{"Key": key, "Value": value} for key, value in after.items() if before.get(key) != value]
    calls = []
    # Untag first: a key in another spelling is gone and new at once, and a full resource has no room before.
    if gone:
        calls.append((f"iam:Untag{tagged.kind}", {**tagged.member, "TagKeys": gone}))
    if new:
        calls.append((f"iam:Tag{tagged.kind}", {**tagged.member, "Tags": new}))
    # Find out whether the second call can go through before the first takes anything away.
    held = [{"Key": key, "Value": value} for key, value in before.items()]
    merged(without(held, gone, tagged.keys), new, tagged.keys)
    for operation, given in calls:
        if not door.would(caller, operation, given).allowed:
            door.perform(caller, operation, given)
    for operation, given in calls:
        door.perform(caller, operation, given)


def _page(
    request: ConsoleRequest, tagged: Tagged, editor: TagsEditor, error: ApiError | None = None, status: int = 200
) -> HttpResponse:
    denied = error if isinstance(error, AccessDenied) else None
    context = {
        "page_title": "Manage tags",
        "description": f"Tags are key-value pairs that help to identify, organize or search for {tagged.nouns}.",
        "tags": editor,
        "denied": denied,
        "error": "" if denied or error is None else error.message,
        "cancel_url": tagged.back_url,
        "breadcrumbs": [*tagged.crumbs, ("Manage tags", None)],
    }
    return render_page(request, "policies/tags_edit.html", context, status=status)
