"""The wizard that makes a user: details, permissions, review; then the calls, and the page that says how they went."""

from __future__ import annotations

import secrets
from types import SimpleNamespace

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations.errors import ApiError
from iamconsole.ui.htmx import hx_redirect, redirect_with_flash, render_page
from identities.password_rules import generate_for
from identities.views import user_draft, user_password, user_steps
from identities.views.user_draft import Draft
from identities.views.user_plan import carry_out, grants, plan
from identities.views.users import users_crumbs

STEPS = {1: user_steps.details, 2: user_steps.permissions, 3: user_steps.review}


@require_safe
@signed_in
def user_create(request: ConsoleRequest) -> HttpResponse:
    """The way into the wizard."""
    return HttpResponseRedirect(reverse("user-create-step", args=[secrets.token_urlsafe(9), 1]))


@require_http_methods(["GET", "POST"])
@signed_in
def user_create_step(request: ConsoleRequest, token: str, step: int) -> HttpResponse:
    """One step; whoever skips ahead comes to the first that is not answered yet."""
    if step not in STEPS:
        raise Http404
    draft = user_draft.read(request, token) or Draft()
    if request.POST.get("wizard") == "cancel":
        user_draft.drop(request, token)
        return hx_redirect(request, reverse("users"))
    if draft.made:
        return hx_redirect(request, reverse("user-create-result", args=[token]))
    if step > draft.step:
        return hx_redirect(request, reverse("user-create-step", args=[token, draft.step]))
    answer = STEPS[step](request, token, draft)
    return answer or _create(request, token, draft)


def _create(request: ConsoleRequest, token: str, draft: Draft) -> HttpResponse:
    """Make the calls still due. Before there is a user an error belongs on the review, later on the result page."""
    try:
        _carry_out(request, token, draft)
    except ApiError as error:
        if not draft.made:
            return user_steps.review_page(request, token, draft, error=error, status=422)
        draft.failed = [{"key": "copy", "text": f"Copy permissions of {draft.copy_from}", "message": error.message}]
    user_draft.keep(request, token, draft)
    if draft.failed or draft.console:
        return hx_redirect(request, reverse("user-create-result", args=[token]))
    user_draft.drop(request, token)
    view = ("View user", reverse("user", args=[draft.name]))
    return redirect_with_flash(request, reverse("users"), "success", f"User {draft.name} created.", view)


def _carry_out(request: ConsoleRequest, token: str, draft: Draft) -> None:
    password = user_draft.unseal_password(draft, token) or generate_for(request.account.pk)
    before = list(draft.done)
    carry_out(request.caller, draft, plan(draft, grants(request.caller, draft), password))
    if "password" in draft.done and "password" not in before:
        user_password.keep(request, draft.name, password)


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def user_create_result(request: ConsoleRequest, token: str) -> HttpResponse:
    """How it went: the password, this once, and the calls that failed; a POST tries those again."""
    draft = user_draft.read(request, token)
    if draft is None or not draft.made:
        return hx_redirect(request, reverse("users"))
    if request.method == "POST":
        return _create(request, token, draft)
    password = user_password.take(request, draft.name)
    title = "Retrieve password" if draft.console else "User created"
    context = {
        "page_title": title,
        "draft": draft,
        "failures": [SimpleNamespace(**told) for told in draft.failed],
        "password": password,
        "view_url": reverse("user", args=[draft.name]),
        "done_url": reverse("users"),
        "breadcrumbs": users_crumbs(("Create user", None)),
    }
    return render_page(request, "identities/user_create_result.html", context)
