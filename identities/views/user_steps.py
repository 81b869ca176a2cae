"""The three steps of the wizard. Each takes its answers and leads on; None says that all is answered."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from accounts.http import ConsoleRequest
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError, ValidationError
from iamconsole.operations.secrets import Secret
from iamconsole.ui.forms import TagsEditor
from iamconsole.ui.htmx import hx_redirect, render_page
from identities.forms_users import PermissionsOptions, UserDetails
from identities.group_rows import GROUP_CHOICES, all_groups
from identities.models import User
from identities.queries import maybe
from identities.views import user_draft
from identities.views.user_copy import COPY_CHOICES, copy_rows
from identities.views.user_draft import Draft
from identities.views.user_plan import Grant, grants
from identities.views.users import users_crumbs
from policies.managed_rows import INLINE, policy_type
from policies.views.picker import policy_choices
from policies.views.tagging import checked

STEPS = ("Specify user details", "Set permissions", "Review and create")
GROUPS_FIRST = "Add the user to a group, or create one. Groups are the best way to manage what users may do."
Context = dict[str, object]


def step_url(token: str, step: int) -> str:
    return reverse("user-create-step", args=[token, step])


def _page(
    request: ConsoleRequest, template: str, token: str, draft: Draft, step: int, context: Context
) -> HttpResponse:
    frame: Context = {
        "page_title": STEPS[step - 1],
        "steps": STEPS,
        "step": step,
        "step_urls": {number: step_url(token, number) for number in range(1, draft.step + 1)},
        "draft": draft,
        "breadcrumbs": users_crumbs(("Create user", None)),
    }
    status = 422 if context.get("form_failed") else 200
    fragment = "ui/_table.html" if context.get("table") else None
    return render_page(request, template, {**frame, **context}, fragment=fragment, status=status)


def _on(request: ConsoleRequest, token: str, draft: Draft, step: int) -> HttpResponse:
    """To another step, having kept what this one was told."""
    draft.step = max(draft.step, step)
    user_draft.keep(request, token, draft)
    return hx_redirect(request, step_url(token, step))


def details(request: ConsoleRequest, token: str, draft: Draft) -> HttpResponse:
    """Step 1: the name, and whether the user signs in to the console."""
    initial = {name: getattr(draft, name) for name in ("name", "console", "kind", "reset")}
    form = UserDetails(
        request.POST if request.method == "POST" else None,
        account=request.account,
        has_password=bool(draft.sealed_password),
        initial=initial,
    )
    if form.is_valid() and not (error := _name_error(request, form.cleaned_data["name"])):
        _take_details(form, token, draft)
        return _on(request, token, draft, 2)
    if form.is_bound and not form.errors:
        form.add_error("name", error)
    context: Context = {"form": form, "form_failed": form.is_bound}
    return _page(request, "identities/user_create_details.html", token, draft, 1, context)


def _take_details(form: UserDetails, token: str, draft: Draft) -> None:
    data = form.cleaned_data
    draft.name, draft.console, draft.reset = data["name"], data["console"], data["reset"]
    draft.kind = data["kind"] or "auto"
    password: Secret = data["password"]
    if draft.kind == "custom" and password.reveal():
        draft.sealed_password = user_draft.seal_password(password, token)


def _name_error(request: ConsoleRequest, name: str) -> str:
    """What CreateUser would say of the name: better now than two steps later. Who may not ask it learns nothing."""
    caller = request.caller
    try:
        verdict = door.would(caller, "iam:CreateUser", {"UserName": name})
    except ValidationError as error:
        return error.message
    if verdict.allowed and maybe(User, caller.account_id, name):
        return f"User with name {name} already exists."
    return ""


def permissions(request: ConsoleRequest, token: str, draft: Draft) -> HttpResponse:
    """Step 2: groups, another user's permissions, or policies; and a boundary."""
    posted = request.method == "POST"
    form = PermissionsOptions(
        request.POST if posted else None, initial={"option": draft.option, "bounded": draft.bounded}
    )
    policies = policy_choices(request, name="policy", selected=draft.policies)
    boundary = policy_choices(
        request,
        name="boundary",
        selected=[draft.boundary] if draft.boundary else [],
        multiple=False,
        title="Permissions boundary",
    )
    moved = policies.moved or boundary.moved
    if posted and form.is_valid():
        draft.option, draft.bounded = form.cleaned_data["option"], form.cleaned_data["bounded"]
        draft.groups, draft.copy_from = request.POST.getlist("group"), request.POST.get("copy", "")
        draft.policies, draft.boundary = policies.selected, "".join(boundary.selected)
        if request.POST.get("wizard") == "previous" and not moved:
            return _on(request, token, draft, 1)
        if not moved and not (error := _choice_error(draft)):
            return _on(request, token, draft, 3)
        if not moved:
            form.add_error(None, error)
    context: Context = {
        "form": form,
        "description": GROUPS_FIRST,
        "form_failed": posted and not moved,
        "boundary_open": draft.bounded or boundary.moved,
    }
    context |= {"policies": policies, "boundary": boundary, **_tables(request, draft)}
    return _page(request, "identities/user_create_permissions.html", token, draft, 2, context)


def _choice_error(draft: Draft) -> str:
    if draft.option == "copy" and not draft.copy_from:
        return "Choose the user whose permissions are copied."
    if draft.bounded and not draft.boundary:
        return "Choose the policy that is the permissions boundary."
    return ""


def _tables(request: ConsoleRequest, draft: Draft) -> Context:
    groups, groups_denied = all_groups(request.caller)
    users, users_denied = copy_rows(request.caller)
    group_table = GROUP_CHOICES.bind(
        request, groups, form_id="wizard", heading=2, selected=draft.groups, select_name="group"
    )
    user_table = COPY_CHOICES.bind(
        request, users, form_id="wizard", heading=2, selected=[draft.copy_from], select_name="copy"
    )
    asked = request.GET.get("preferences") or (request.htmx.target if request.htmx else "")
    return {
        "group_table": group_table,
        "groups_denied": groups_denied,
        "user_table": user_table,
        "users_denied": users_denied,
        "tables": [group_table, user_table],
        # What htmx asked for: the fragment draws this one.
        "table": next((each for each in (group_table, user_table) if asked == each.id), None),
    }


def review(request: ConsoleRequest, token: str, draft: Draft) -> HttpResponse | None:
    """Step 3: everything once more, and tags."""
    if request.method != "POST":
        return review_page(request, token, draft)
    editor = TagsEditor.from_post(request.POST)
    draft.tags = [[key, value] for key, value in editor.pairs]
    if request.POST.get("wizard") == "previous":
        return _on(request, token, draft, 2)
    if editor.edited or not checked(editor):
        return review_page(request, token, draft, editor, status=200 if editor.edited else 422)
    user_draft.keep(request, token, draft)
    return None


def review_page(
    request: ConsoleRequest,
    token: str,
    draft: Draft,
    editor: TagsEditor | None = None,
    error: ApiError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The review; `error` is what CreateUser answered."""
    found: list[Grant] = []
    try:
        found = grants(request.caller, draft)
    except ApiError as refusal:
        error = error or refusal
    denied = error if isinstance(error, AccessDenied) else None
    context: Context = {
        "grants": [(grant, _type(grant)) for grant in found],
        "tags": editor or TagsEditor([(key, value) for key, value in draft.tags]),
        "description": "Review your choices. The user is made when you choose Create user.",
        "submit_text": "Create user",
        "details_url": step_url(token, 1),
        "permissions_url": step_url(token, 2),
        "denied": denied,
        "error": "" if denied or error is None else error.message,
        "form_failed": status == 422,
    }
    return _page(request, "identities/user_create_review.html", token, draft, 3, context)


def _type(grant: Grant) -> str:
    if grant.kind == "group":
        return "Group"
    return INLINE if grant.kind == "inline" else policy_type(grant.arn)
