"""The page of one managed policy and its four tabs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.door import Answer
from iamconsole.ui.htmx import render_page
from iamconsole.ui.tables import Column, Table
from iamconsole.ui.templatetags.ui import ui_date
from policies.crumbs import policy_crumbs
from policies.entities import using
from policies.managed_rows import CUSTOMER, policy_type
from policies.summary import ServiceRow, action_rows, summarize
from policies.tables import ATTACHED, BOUNDED
from policies.views.documents import version_document

Context = dict[str, object]


@signed_in
def policy(request: ConsoleRequest, arn: str) -> HttpResponse:
    """The policy's first tab, under its short address."""
    return _page(request, arn, "permissions")


@signed_in
def policy_tab(request: ConsoleRequest, tab: str, arn: str) -> HttpResponse:
    if tab not in TABS:
        raise Http404
    if tab == "permissions":
        return HttpResponseRedirect(reverse("policy", args=[arn]))
    return _page(request, arn, tab)


def _page(request: ConsoleRequest, arn: str, tab: str) -> HttpResponse:
    answer = door.ask(request.caller, "iam:GetPolicy", {"PolicyArn": arn})
    found = answer.result.get("Policy", {})
    assert isinstance(found, Mapping)
    kind = policy_type(arn)
    context: Context = {
        "arn": arn,
        "name": arn.rsplit("/", 1)[-1],
        "page_title": arn.rsplit("/", 1)[-1],
        "policy": found,
        "type": kind,
        "own": kind == CUSTOMER,
        "policy_denied": answer.denied,
        "tabs": _tabs(arn, kind == CUSTOMER),
        "breadcrumbs": policy_crumbs(arn),
        "copy_url": f"{reverse('policy-create')}?{urlencode({'from': arn})}",
    }
    template, fragment, fill = TABS[tab]
    return render_page(request, template, context | fill(request, arn, answer), fragment=_fragment(request, fragment))


def _fragment(request: ConsoleRequest, templates: Mapping[str, str]) -> str | None:
    return templates.get(request.htmx.target or "") if request.htmx else None


def _tab_url(arn: str, tab: str) -> str:
    return reverse("policy", args=[arn]) if tab == "permissions" else reverse("policy-tab", args=[tab, arn])


def _tabs(arn: str, own: bool) -> list[tuple[str, str]]:
    """AWS's own policies have no tags in this account."""
    names = {
        "permissions": "Permissions",
        "entities": "Entities attached",
        "tags": "Tags",
        "versions": "Policy versions",
    }
    return [(text, _tab_url(arn, tab)) for tab, text in names.items() if own or tab != "tags"]


def _permissions(request: ConsoleRequest, arn: str, answer: Answer) -> Context:
    """The default version, or the one asked for, as summary or as JSON."""
    version = request.GET.get("version", "") or _default_version(answer)
    if not version:
        return {}
    document, denied = version_document(request.caller, arn, version)
    as_json = request.GET.get("view") == "json"
    return {
        "document": document,
        "document_denied": denied,
        "version": version,
        "is_default": version == _default_version(answer),
        "view": "json" if as_json else "summary",
        **({} if as_json or denied else _summary(request, document)),
    }


def _default_version(answer: Answer) -> str:
    found = answer.result.get("Policy", {})
    assert isinstance(found, Mapping)
    return str(found.get("DefaultVersionId", ""))


def _summary(request: ConsoleRequest, document: str) -> Context:
    """The table of services; with `?service=&effect=` one service's actions instead."""
    summary = summarize(document)
    chosen: ServiceRow | None = None
    if service := request.GET.get("service"):
        chosen = summary.row(request.GET.get("effect", "allow"), service)
    return {"summary": summary, "service": chosen, "actions": action_rows(chosen) if chosen else []}


def _entities(request: ConsoleRequest, arn: str, answer: Answer) -> Context:
    attached, denied = using(request.caller, arn, "PermissionsPolicy")
    bounded, _ = ([], None) if denied else using(request.caller, arn, "PermissionsBoundary")
    return {
        "entities_denied": denied,
        "attached": ATTACHED.bind(request, attached, heading=2),
        "bounded": BOUNDED.bind(request, bounded, heading=2),
        "attach_url": reverse("policy-attach", args=[arn]),
        "detach_url": reverse("policy-detach", args=[arn]),
    }


def _tags(request: ConsoleRequest, arn: str, answer: Answer) -> Context:
    listed = door.ask_all(request.caller, "iam:ListPolicyTags", "Tags", {"PolicyArn": arn})
    return {"tags": listed.result.get("Tags", []), "tags_denied": listed.denied}


def _versions(request: ConsoleRequest, arn: str, answer: Answer) -> Context:
    listed = door.ask_all(request.caller, "iam:ListPolicyVersions", "Versions", {"PolicyArn": arn})
    versions = listed.result.get("Versions", [])
    assert isinstance(versions, list)
    rows = [{**version, "arn": arn} for version in versions]
    return {"versions": VERSIONS.bind(request, rows, heading=2), "versions_denied": listed.denied}


def _version_cell(row: Mapping[str, object]) -> SafeString:
    url = f"{reverse('policy', args=[row['arn']])}?{urlencode({'version': str(row['VersionId']), 'view': 'json'})}"
    return format_html('<a href="{}">{}</a>', url, row["VersionId"])


def _number(row: Mapping[str, object]) -> object:
    digits = str(row["VersionId"])[1:]
    return int(digits) if digits.isdecimal() else 0


def _created(row: Mapping[str, object]) -> object:
    moment = row["CreateDate"]
    return ui_date(moment) if isinstance(moment, datetime) else moment


VERSIONS: Table[Mapping[str, object]] = Table(
    id="versions",
    columns=(
        Column("number", "Version", value=_number, cell=_version_cell, row_header=True),
        Column("default", "Default", value=lambda row: "Default" if row["IsDefaultVersion"] else None),
        Column("created", "Creation time", value=lambda row: row["CreateDate"], cell=_created),
    ),
    noun="version",
    nouns="versions",
    title="Policy versions",
    description="A policy keeps up to five versions. The default version is the one in force.",
    select="radio",
    row_id=lambda row: str(row["VersionId"]),
    row_label=lambda row: f"version {row['VersionId']}",
    sort="number",
    descending=True,
)
TABS = {
    "permissions": ("policies/policy_permissions.html", {}, _permissions),
    "entities": (
        "policies/policy_entities.html",
        {"attached": "policies/_attached.html", "bounded": "policies/_bounded.html"},
        _entities,
    ),
    "tags": ("policies/policy_tags.html", {}, _tags),
    "versions": ("policies/policy_versions.html", {"versions": "policies/_versions.html"}, _versions),
}
