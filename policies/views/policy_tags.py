"""The tags of a customer managed policy."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.ui.forms import TagsEditor
from iamconsole.ui.htmx import redirect_with_flash, render_page
from policies.crumbs import policy_crumbs


@require_http_methods(["GET", "POST"])
@signed_in
def policy_tags_edit(request: ConsoleRequest, arn: str) -> HttpResponse:
    """Rows of keys and values; saving untags what is gone and tags what is new or changed."""
    listed = door.ask_all(request.caller, "iam:ListPolicyTags", "Tags", {"PolicyArn": arn})
    if listed.denied:
        raise listed.denied
    tags = listed.result["Tags"]
    assert isinstance(tags, list)
    before = {str(tag["Key"]): str(tag["Value"]) for tag in tags}
    if request.method != "POST":
        return _page(request, arn, TagsEditor(list(before.items())))
    editor = TagsEditor.from_post(request.POST)
    if editor.edited:
        return _page(request, arn, editor)
    try:
        _save(request, arn, before, editor)
    except ApiError as error:
        return _page(request, arn, editor, error, 422)
    return redirect_with_flash(request, reverse("policy-tab", args=["tags", arn]), "success", "Tags updated.")


def _save(request: ConsoleRequest, arn: str, before: dict[str, str], editor: TagsEditor) -> None:
    after = dict(editor.pairs)
    gone = [key for key in before if key not in after]
    new = [{"Key": key, "Value": value} for key, value in editor.pairs if before.get(key) != value]
    if gone:
        door.perform(request.caller, "iam:UntagPolicy", {"PolicyArn": arn, "TagKeys": gone})
    if new:
        door.perform(request.caller, "iam:TagPolicy", {"PolicyArn": arn, "Tags": new})


def _page(
    request: ConsoleRequest, arn: str, editor: TagsEditor, error: ApiError | None = None, status: int = 200
) -> HttpResponse:
    denied = error if isinstance(error, AccessDenied) else None
    context = {
        "page_title": "Manage tags",
        "description": "Tags are key-value pairs that help to identify, organize or search for policies.",
        "tags": editor,
        "denied": denied,
        "error": "" if denied or error is None else error.message,
        "cancel_url": reverse("policy-tab", args=["tags", arn]),
        "breadcrumbs": policy_crumbs(arn, ("Manage tags", None)),
    }
    return render_page(request, "policies/tags_edit.html", context, status=status)
