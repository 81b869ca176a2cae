"""The policy simulator: a GET form, so that every question and every answer has an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.caller import CallerKind
from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.operations.registry import Target
from iamconsole.ui.htmx import render_page, wants_fragment
from policies.catalog.services import services
from policies.crumbs import iam_crumb
from policies.engine import Decision
from policies.explanations import Explained, count_outcomes, explained
from policies.holders import Holder
from policies.operations.simulate import need_actions
from policies.questions import ABSENT, Questions, from_the_form, many_values, read_questions
from policies.simulator import Simulation, Subject, described, find_subject, referenced_keys
from policies.simulator_rows import RESULTS, ResultRow, Results, bind_results
from policies.views.deciding import Shown, shown_statements

ACTION = "iam:SimulatePrincipalPolicy"
FRAGMENTS = {
    "action-choices": "policies/_simulator_choices.html",
    "context-keys": "policies/_simulator_context.html",
    "results": "policies/_simulator_results.html",
    "simulator-results": "ui/_table.html",
    "modal": "ui/_table.html",
    "split": "policies/_simulator_why.html",
}
LISTS = (
    ("Users", "iam:ListUsers", "Users", "UserName"),
    ("User groups", "iam:ListGroups", "Groups", "GroupName"),
    ("Roles", "iam:ListRoles", "Roles", "RoleName"),
)


@dataclass(frozen=True)
class Why:
    """One row explained."""

    row: ResultRow
    found: Explained
    shown: list[Shown]


@dataclass
class Outcome:
    """What came of a run: results, a refusal, or what is wrong with the question."""

    error: str = ""
    denied: AccessDenied | None = None
    table: Results | None = None
    summary: str = ""
    missing: list[str] = field(default_factory=list)
    why: Why | None = None


@dataclass(frozen=True)
class ContextRow:
    """One context key of the form: what is filled in by itself, and what was given instead."""

    key: str
    filled: str
    given: str
    used: bool

    @property
    def many(self) -> bool:
        return many_values(self.key)

    @property
    def missing(self) -> bool:
        return self.used and not self.filled and not self.given


@require_safe
@signed_in
def simulator(request: ConsoleRequest) -> HttpResponse:
    asked = read_questions(request.GET)
    if from_the_form(request.GET) and not wants_fragment(request):
        return HttpResponseRedirect(asked.url())
    part = (request.htmx.target or "") if wants_fragment(request) else ""
    _keep_the_address(request, asked)
    outcome = _run(request, asked) if asked.run and part not in ("action-choices", "context-keys") else Outcome()
    context = {
        "page_title": "Policy simulator",
        "breadcrumbs": [iam_crumb(), ("Policy simulator", None)],
        "asked": asked,
        "outcome": outcome,
        "close_url": asked.url(why=0),
        "table": outcome.table,
        "absent": ABSENT,
        "services": services() if not part else (),
        "principals": _principals(request, asked) if not part else (),
        "context_rows": _context_rows(request, asked) if part in ("", "context-keys") else (),
    }
    response = render_page(request, "policies/simulator.html", context, fragment=FRAGMENTS.get(part))
    if part == "results":
        response["HX-Push-Url"] = asked.url()
    return response


def _keep_the_address(request: ConsoleRequest, asked: Questions) -> None:
    """Links of the table are to carry the address to share, not the form's fields."""
    kept = QueryDict(asked.query(), mutable=True)
    for name, values in request.GET.lists():
        if name.startswith(RESULTS.prefix) or name == "preferences":
            kept.setlist(name, values)
    request.GET = kept  # type: ignore[assignment]  # a QueryDict, if a mutable one


def _run(request: ConsoleRequest, asked: Questions) -> Outcome:
    if problem := _problem(asked):
        return Outcome(error=problem)
    now = timezone.now()
    try:
        door.authorize(request.caller, ACTION, _subject_target(request, asked))
        need_actions(asked.actions)
        subject = find_subject(request.caller.account_id, asked.principal, now, request.caller.origin)
    except AccessDenied as denied:
        return Outcome(denied=denied)
    except ApiError as error:
        return Outcome(error=error.message)
    setting = Simulation(subject, now, asked.given)
    decisions = [setting.decide(*question) for question in asked.rows]
    rows = [_row(asked, number, decision) for number, decision in enumerate(decisions, 1)]
    return Outcome(
        table=bind_results(request, rows, whole=request.htmx.target == "results"),
        summary=count_outcomes(decisions),
        missing=[row.key for row in _rows_of(setting, asked) if row.missing],
        why=_why(request, setting, rows[asked.why - 1]) if 0 < asked.why <= len(rows) else None,
    )


def _problem(asked: Questions) -> str:
    if not asked.principal:
        return "Choose a user, user group or role."
    if not asked.actions:
        return "Choose at least one action."
    if asked.too_many:
        return "Choose fewer actions or resources: one run answers up to 500 questions."
    wrong = [arn for arn in asked.resources if arn != "*" and not (arn.startswith("arn:") and arn.count(":") > 4)]
    return f"{wrong[0]} is not an ARN. Enter ARNs one a line, or * for all resources." if wrong else ""


def _subject_target(request: ConsoleRequest, asked: Questions) -> Target:
    found = described(request.caller.account_id, asked.principal)
    return Target(found.arn, tags=found.tags, type=found.type, name=found.name)


def _row(asked: Questions, number: int, decision: Decision) -> ResultRow:
    action, resource = asked.rows[number - 1]
    return ResultRow(number, action, resource, decision, asked.url(why=number), asked.why == number)


def _why(request: ConsoleRequest, setting: Simulation, row: ResultRow) -> Why:
    found = explained(setting.explain(row.action, row.resource).to_dict())
    holder = Holder(setting.subject.kind, setting.subject.name)
    return Why(row, found, shown_statements(request.caller, found, holder))


def _context_rows(request: ConsoleRequest, asked: Questions) -> Sequence[ContextRow]:
    """The keys of the chosen principal; only for who may simulate it: they tell what its policies ask for."""
    target = _subject_target(request, asked)
    if not asked.principal or not door.decide(request.caller, ACTION, target).allowed:
        return [ContextRow(key, "", value, False) for key, value in asked.context]
    try:
        subject = find_subject(request.caller.account_id, asked.principal, timezone.now(), request.caller.origin)
    except ApiError:
        return []
    return _rows_of(Simulation(subject, timezone.now()), asked)


def _rows_of(setting: Simulation, asked: Questions) -> list[ContextRow]:
    filled = {key: _text(value) for key, value in _filled(setting.subject, setting.now).items()}
    used, given = referenced_keys(setting.subject.policies), dict(asked.context)
    names = {key.lower(): key for key in (*given, *filled, *used)}
    lower_filled = {key.lower(): value for key, value in filled.items()}
    lower_given = {key.lower(): value for key, value in given.items()}
    lower_used = {key.lower() for key in used}
    rows = [
        ContextRow(name, lower_filled.get(low, ""), lower_given.get(low, ""), low in lower_used)
        for low, name in names.items()
    ]
    return sorted(rows, key=lambda row: (not row.missing, not row.used, not row.given, row.key.lower()))


def _filled(subject: Subject, now: datetime) -> dict[str, object]:
    return dict(Simulation(subject, now).context(Target("*")))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ", ".join(map(str, value)) if isinstance(value, tuple | list) else ""


@dataclass(frozen=True)
class PrincipalGroup:
    """One kind of identities to choose from: (ARN, name), or the refusal of their list."""

    label: str
    options: list[tuple[str, str]]
    denied: AccessDenied | None = None


def _principals(request: ConsoleRequest, asked: Questions) -> list[PrincipalGroup]:
    """Who can be chosen: what the caller may list, the caller itself, and whom the address names."""
    groups = [_listed(request, *each) for each in LISTS]
    listed = {arn for group in groups for arn, _ in group.options}
    extra = [(request.caller.arn, request.caller.name)] if request.caller.kind is CallerKind.USER else []
    extra += [(asked.principal, asked.principal.rpartition("/")[2])] if asked.principal else []
    others = [pair for pair in dict(extra).items() if pair[0] not in listed]
    return [*groups, *([PrincipalGroup("By ARN", others)] if others else [])]


def _listed(request: ConsoleRequest, label: str, action: str, member: str, name: str) -> PrincipalGroup:
    answer = door.ask_all(request.caller, action, member)
    found = answer.result.get(member, [])
    assert isinstance(found, list)
    return PrincipalGroup(label, [(str(each["Arn"]), str(each[name])) for each in found], answer.denied)
