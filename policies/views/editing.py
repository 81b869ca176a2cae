"""The two steps of writing a policy, shared by create, edit and inline: the editor with its findings, the review."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django import forms
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.ui.forms import TagsEditor
from iamconsole.ui.htmx import hx_redirect, render_page
from policies.findings import FindingsPanel, findings_panel
from policies.forms import KIND_NAMES, STARTER, DocumentForm, plain_lines
from policies.summary import summarize
from policies.views import drafts

ReviewForm = Callable[..., forms.Form]
KINDS = {name: kind for kind, name in KIND_NAMES.items()}


@dataclass(frozen=True)
class Stale:
    """Somebody else saved in between: the version now in force, and its text."""

    version: str
    document: str


@dataclass(frozen=True)
class Task:
    """What is being written. `finish` performs the operations; an ApiError it raises is shown on the review."""

    title: str
    review_title: str
    submit: str
    step_url: Callable[[int], str]
    cancel_url: str
    crumbs: list[tuple[str, str | None]]
    review_form: ReviewForm
    finish: Callable[[ConsoleRequest, str, forms.Form, TagsEditor], HttpResponse]
    document: str = STARTER
    quota: int = 0
    has_tags: bool = False
    editor_title: str = "Specify permissions"
    # What the text was read as; when that changes while somebody edits, both texts are shown.
    version: str = ""
    facts: tuple[tuple[str, str], ...] = field(default=())


def new_token() -> str:
    return secrets.token_urlsafe(9)


def write_policy(request: ConsoleRequest, task: Task, token: str, step: int) -> HttpResponse:
    """One step of the wizard, asked for or sent."""
    draft = drafts.read(request, token)
    if request.POST.get("wizard") == "cancel":
        drafts.drop(request, token)
        return hx_redirect(request, task.cancel_url)
    if step == 1:
        return (
            _take_document(request, task, token, draft) if request.method == "POST" else _editor(request, task, draft)
        )
    if step == 2 and "document" in draft and _base(task, draft) == task.version:
        return _take_review(request, task, token, draft) if request.method == "POST" else _review(request, task, draft)
    return HttpResponseRedirect(task.step_url(1))


def _base(task: Task, draft: Mapping[str, str]) -> str:
    return draft.get("version", task.version)


def _editor(request: ConsoleRequest, task: Task, draft: Mapping[str, str]) -> HttpResponse:
    form = DocumentForm(document=draft.get("document", task.document), quota=task.quota)
    return _draw_editor(request, task, form, _stale(task, _base(task, draft)), 200)


def _stale(task: Task, base: str) -> Stale | None:
    return Stale(task.version, task.document) if base != task.version else None


def _take_document(request: ConsoleRequest, task: Task, token: str, draft: drafts.Draft) -> HttpResponse:
    form = DocumentForm(request.POST, quota=task.quota)
    if request.POST.get("wizard") == "check":
        return _draw_editor(request, task, form, None, 200)
    stale = _stale(task, request.POST.get("version", task.version))
    if not form.is_valid() or _findings(request, form).errors or stale:
        return _draw_editor(request, task, form, stale, 422)
    drafts.keep(request, token, {**draft, "document": form.text, "version": task.version})
    return hx_redirect(request, task.step_url(2))


def _findings(request: ConsoleRequest, form: DocumentForm) -> FindingsPanel:
    return findings_panel(form.text, form.kind, quota=form.quota, tab=request.POST.get("findings_tab", ""))


def _draw_editor(
    request: ConsoleRequest, task: Task, form: DocumentForm, stale: Stale | None, status: int
) -> HttpResponse:
    context = _context(task, 1) | {
        "form": form,
        "findings": _findings(request, form),
        "stale": stale,
        "version": task.version,
        "page_title": task.editor_title,
        "description": "Write the policy as JSON; findings appear below as you type.",
    }
    return render_page(request, "policies/editor.html", context, status=status)


def _take_review(request: ConsoleRequest, task: Task, token: str, draft: drafts.Draft) -> HttpResponse:
    form, tags = task.review_form(request.POST), TagsEditor.from_post(request.POST)
    if request.POST.get("wizard") == "previous":
        drafts.keep(request, token, {**draft, "review": _typed(request.POST)})
        return hx_redirect(request, task.step_url(1))
    if tags.edited:
        return _draw_review(request, task, draft, task.review_form(initial=_initial(request.POST)), tags, 200)
    if not form.is_valid():
        return _draw_review(request, task, draft, form, tags, 422)
    try:
        response = task.finish(request, draft["document"], form, tags)
    except ApiError as error:
        return _draw_review(request, task, draft, form, tags, 422, error)
    drafts.drop(request, token)
    return response


def _review(request: ConsoleRequest, task: Task, draft: drafts.Draft) -> HttpResponse:
    typed = QueryDict(draft.get("review", ""))
    tags = TagsEditor(list(zip(typed.getlist("tag_key"), typed.getlist("tag_value"), strict=False)))
    return _draw_review(request, task, draft, task.review_form(initial=_initial(typed)), tags, 200)


def _typed(posted: QueryDict) -> str:
    kept = posted.copy()
    for name in ("csrfmiddlewaretoken", "wizard"):
        kept.pop(name, None)
    return kept.urlencode()


def _initial(typed: QueryDict) -> dict[str, object]:
    """What was typed, for a form that is drawn without being checked; an unticked box is not sent at all."""
    return {**typed.dict(), "set_as_default": "set_as_default" in typed} if typed else {}


def _draw_review(
    request: ConsoleRequest,
    task: Task,
    draft: drafts.Draft,
    form: forms.Form,
    tags: TagsEditor,
    status: int,
    error: ApiError | None = None,
) -> HttpResponse:
    denied = error if isinstance(error, AccessDenied) else None
    context = _context(task, 2) | {
        "form": form,
        "tags": tags if task.has_tags else None,
        "denied": denied,
        "error": "" if denied or error is None else error.message,
        "summary": summarize(draft["document"]),
        "document": draft["document"],
        "page_title": task.review_title,
        "description": "Review the permissions and details.",
        "submit_text": task.submit,
    }
    return render_page(request, "policies/review.html", context, status=status)


def _context(task: Task, step: int) -> dict[str, object]:
    return {
        "task": task,
        "steps": ["Specify permissions", task.review_title],
        "step": step,
        "step_urls": {1: task.step_url(1)} if step == 2 else {},
        "breadcrumbs": [*task.crumbs, (task.title, None)],
        "title": task.title,
    }


@require_POST
@signed_in
def policy_findings(request: ConsoleRequest, kind: str, quota: int) -> HttpResponse:
    """The findings on the document in an editor; nothing is kept."""
    text = plain_lines(request.POST.get("document", ""))
    panel = findings_panel(text, KINDS[kind], quota=quota, tab=request.POST.get("findings_tab", ""))
    return render(request, "policies/_findings_content.html", {"findings": panel})


def start(request: ConsoleRequest, route: str, *args: str) -> HttpResponse:
    """Send a new visitor to step 1 under a token of its own, so that two open tabs do not mix."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return HttpResponseRedirect(reverse(route, args=[*args, new_token(), 1]) + query)
