"""The results of a simulation as a table."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from iamconsole.ui.tables import EMPTY_CELL, BoundTable, Column, Filter, Table
from iamconsole.ui.templatetags.ui import ui_status
from policies.engine import Decision, Layer
from policies.explanations import LAYERS, OUTCOMES, outcome_of


@dataclass(frozen=True)
class ResultRow:
    """One question with its answer; `number` counts from 1 and names it in the address."""

    number: int
    action: str
    resource: str
    decision: Decision
    why_url: str
    open: bool = False

    @property
    def status(self) -> str:
        return outcome_of(self.decision)[0]

    @property
    def text(self) -> str:
        return outcome_of(self.decision)[1]

    @property
    def layer(self) -> str:
        return LAYERS[self.decision.layer.value]

    @property
    def policy(self) -> str:
        deciding = self.decision.deciding
        return deciding[0].source.name if deciding else ""

    @property
    def policy_url(self) -> str:
        arn = self.decision.deciding[0].source.arn if self.decision.deciding else ""
        return reverse("policy", args=[arn]) if ":policy/" in arn else ""

    @property
    def heading(self) -> str:
        return f"{self.action} — why was this {'allowed' if self.decision.allowed else 'denied'}?"


def _decision(row: ResultRow) -> SafeString:
    return ui_status(row.status, row.text)


def _policy(row: ResultRow) -> object:
    if row.policy_url:
        return format_html('<a href="{}">{}</a>', row.policy_url, row.policy)
    return row.policy or EMPTY_CELL


def _matched(row: ResultRow) -> object:
    if row.decision.layer is Layer.ROOT:
        return EMPTY_CELL
    count = len(row.decision.deciding)
    return f"{count} statement{'' if count == 1 else 's'}"


def _why(row: ResultRow) -> SafeString:
    return format_html(
        '<a id="why-{}" href="{}" hx-get="{}" hx-target="#split" hx-swap="innerHTML" hx-push-url="true"'
        ' aria-label="Why? {} on {}">Why?</a>',
        row.number, row.why_url, row.why_url, row.action, row.resource,
    )  # fmt: skip


RESULTS: Table[ResultRow] = Table(
    id="simulator-results",
    prefix="r-",
    columns=(
        Column("action", "Action", row_header=True),
        Column("resource", "Resource"),
        Column("text", "Decision", cell=_decision),
        Column("why", "Explanation", value=lambda row: "", cell=_why, sortable=False, searchable=False),
        Column("layer", "Decided by", default_visible=False),
        Column("policy", "Deciding policy", cell=_policy),
        Column(
            "matched",
            "Matched",
            value=lambda row: len(row.decision.deciding),
            cell=_matched,
            searchable=False,
            default_visible=False,
        ),
    ),
    noun="result",
    nouns="results",
    title="Results",
    filter_text="Filter results",
    filters=(
        Filter(
            "decision",
            "Filter by decision",
            (("", "All decisions"), *((text, text) for text in OUTCOMES.values())),
            lambda row, wanted: row.text == wanted,
        ),
    ),
    page_sizes=(50, 100, 500),
)


@dataclass
class Results(BoundTable[ResultRow]):
    """The table of one run; `whole` where a run draws it anew, and not it itself asks to be replaced."""

    whole: bool

    @property
    def oob(self) -> bool:
        return super().oob and not self.whole


def bind_results(request: HttpRequest, rows: list[ResultRow], *, whole: bool) -> Results:
    return Results(RESULTS, request, rows, set(), "", 2, "selected", None, whole)
