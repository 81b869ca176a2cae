"""A role not made yet: what the wizard was told, step by step, in the session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from accounts.http import ConsoleRequest
from iamconsole.ui.htmx import hx_redirect, render_page
from identities.views.roles import roles_crumbs
from policies.views import drafts
from policies.views.drafts import Draft

NAMES = ("Select trusted entity", "Add permissions", "Name, review, and create")
# The draft's entries: what was sent at each step, and the trust policy that the first step amounts to.
SENT = {1: "trust", 2: "permissions", 3: "review"}
DOCUMENT = "document"
LATER = ("csrfmiddlewaretoken", "wizard")


@dataclass(frozen=True)
class RoleWizard:
    """One request to the wizard with the draft it is about."""

    request: ConsoleRequest
    token: str
    draft: Draft

    @property
    def posted(self) -> bool:
        return self.request.method == "POST"

    @property
    def pressed(self) -> str:
        return self.request.POST.get("wizard", "")

    @property
    def document(self) -> str:
        """The trust policy."""
        return self.draft[DOCUMENT]

    @property
    def reached(self) -> int:
        """The furthest step that the draft has the answers for."""
        if DOCUMENT not in self.draft:
            return 1
        return 3 if SENT[2] in self.draft else 2

    def url(self, step: int) -> str:
        return reverse("role-create-step", args=[self.token, step])

    def sent(self, step: int) -> QueryDict:
        """What was sent at a step before."""
        return QueryDict(self.draft.get(SENT[step], ""))

    def go(self, here: int, to: int, **more: str) -> HttpResponse:
        """Keep what was sent here and go to another step."""
        kept = self.request.POST.copy()
        for name in LATER:
            kept.pop(name, None)
        drafts.keep(self.request, self.token, {**self.draft, SENT[here]: kept.urlencode(), **more})
        return hx_redirect(self.request, self.url(to))

    def page(self, step: int, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
        frame = {
            "page_title": NAMES[step - 1],
            "steps": NAMES,
            "step": step,
            "step_urls": {number: self.url(number) for number in range(1, self.reached + 1)},
            "breadcrumbs": roles_crumbs(("Create role", None)),
        }
        return render_page(self.request, template, {**frame, **context}, status=status)


def chosen_boundary(sent: QueryDict) -> str:
    """The ARN of the boundary chosen at step 2; empty when the role gets none."""
    return (sent.getlist("boundary") or [""])[-1] if sent.get("bounded") else ""


def chosen_policies(sent: QueryDict) -> list[str]:
    return list(dict.fromkeys(sent.getlist("policy")))
