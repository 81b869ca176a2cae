"""The component tags, `{% load ui %}`: plain values in, escaped HTML out; an unknown keyword is an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django import template
from django.forms import BaseForm
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from iamconsole.ui import icons, nav, times
from iamconsole.ui.flash import ShownFlash, shown_flash
from iamconsole.ui.json_view import json_html
from iamconsole.ui.tables import page_window
from iamconsole.ui.templatetags.ui_blocks import register_blocks
from iamconsole.ui.templatetags.ui_button import ui_button

register = template.Library()
register.simple_tag(ui_button)
register_blocks(register)

STATUS_WORDS = {
    "success": "ok", "error": "err", "warning": "warn", "info": "info", "pending": "muted", "in-progress": "muted",
    "loading": "muted", "stopped": "muted", "not-started": "muted",
}  # fmt: skip
BADGES = ("blue", "grey", "green", "red", "critical", "high", "medium", "low")


@register.simple_tag
def ui_icon(name: str, label: str = "") -> SafeString:
    return icons.icon(name, label)


@register.simple_tag
def ui_status(kind: str, text: str) -> SafeString:
    """Icon and word in the colour of the status."""
    return format_html(
        '<span class="status status-{}">{} {}</span>', STATUS_WORDS[kind], icons.icon(f"status-{kind}"), text
    )


@register.simple_tag
def ui_badge(text: object, color: str = "grey") -> SafeString:
    if color not in BADGES:
        raise template.TemplateSyntaxError(f"ui_badge: no color {color!r}, only {', '.join(BADGES)}")
    return format_html('<span class="badge badge-{}">{}</span>', color, text)


@register.simple_tag
def ui_copy(text: str, label: str = "", button: str = "", mono: bool = False) -> SafeString:
    """A text with a button that copies it; `button` shows a labelled button and not the text."""
    name = label or f"Copy {text}"
    if button:
        return format_html(
            '<button type="button" class="button needs-js" data-copy-text="{}">{}<span>{}</span></button>',
            text, icons.icon("copy"), button,
        )  # fmt: skip
    return format_html(
        '<span class="copy"><button type="button" class="icon-button needs-js" data-copy-text="{}" aria-label="{}">{}'
        '</button><span class="copy-text{}">{}</span></span>',
        text, name, icons.icon("copy"), " mono" if mono else "", text,
    )  # fmt: skip


@register.simple_tag
def ui_time(moment: datetime | None, never: str = "Never") -> SafeString:
    """How long ago, with the exact UTC time as tooltip."""
    if moment is None:
        return format_html("{}", never)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"), times.exact(moment), times.ago(moment, timezone.now()),
    )  # fmt: skip


@register.simple_tag
def ui_date(moment: datetime | None, never: str = "—") -> SafeString:
    """The exact date and time (UTC), written out."""
    if moment is None:
        return format_html("{}", never)
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(timespec="seconds"), times.exact(moment))


@register.simple_tag
def ui_json(
    document: object,
    highlight: tuple[int, int] | None = None,
    dom_id: str = "",
    label: str = "JSON",
    copy: bool = False,
) -> SafeString:
    """Read-only JSON; `highlight=(3, 7)` marks these lines; `copy=True` puts a Copy button above."""
    block = json_html(document, lines=highlight, dom_id=dom_id or ("json-code" if copy else ""), label=label)
    if not copy:
        return block
    button = (
        '<div class="json-actions"><button type="button" class="button needs-js" data-copy="#{}">{}'
        "<span>Copy JSON</span></button></div>"
    )
    return format_html("{}{}", format_html(button, dom_id or "json-code", icons.icon("copy")), block)


@register.simple_tag
def ui_tabs(items: Sequence[tuple[str, str]], current: str, label: str = "Sections") -> SafeString:
    """Tabs that are links: `items` are (text, url), `current` is the url of the open one."""
    links = format_html_join(
        "",
        '<li><a href="{}"{}>{}</a></li>',
        ((url, mark_safe(' aria-current="page"') if url == current else "", text) for text, url in items),
    )
    return format_html('<nav class="tabs" aria-label="{}"><ul>{}</ul></nav>', label, links)


@register.simple_tag
def ui_breadcrumbs(items: Sequence[tuple[str, str | None]]) -> SafeString:
    """The way here; the last one, or one without address, is text."""
    crumbs = [
        format_html('<li><a href="{}">{}</a>{}</li>', url, text, icons.icon("angle-right"))
        if url and number < len(items)
        else format_html('<li><span aria-current="page">{}</span></li>', text)
        for number, (text, url) in enumerate(items, 1)
    ]
    body = mark_safe("".join(crumbs))  # each one was escaped above
    return format_html('<nav class="breadcrumbs" aria-label="Breadcrumbs"><ol>{}</ol></nav>', body)


@register.inclusion_tag("ui/_pagination.html")
def ui_pagination(page: int, pages: int, url: str, label: str = "Pages") -> dict[str, object]:
    """Links to pages; the page number is put at the end of `url` ("?page=")."""
    links = [(number, f"{url}{number}" if number else "") for number in page_window(page, pages)]
    before, after = (f"{url}{page - 1}" if page > 1 else ""), (f"{url}{page + 1}" if page < pages else "")
    return {"page": page, "page_links": links, "previous_url": before, "next_url": after, "label": label}


@register.simple_tag
def ui_empty(title: str, text: str = "", action: str = "", url: str = "") -> SafeString:
    """The state without data: bold title, one sentence, one button."""
    sentence = format_html("<p>{}</p>", text) if text else ""
    button = ui_button(action, href=url) if action and url else ""
    return format_html('<div class="empty"><p class="empty-title">{}</p>{}{}</div>', title, sentence, button)


@register.inclusion_tag("ui/denied.html")
def ui_denied(error: object, heading: int = 3) -> dict[str, object]:
    """The Access denied box for an AccessDenied (caller_arn, action, resource, reason, message, event_id)."""
    service, _, name = str(getattr(error, "action", "")).partition(":")
    event_id = getattr(error, "event_id", None)
    why = (
        (nav.url_or_none("authorization-details", str(event_id)) or f"/iam/authorization-details/{event_id}/")
        if event_id
        else ""
    )
    return {
        "error": error,
        "service": service,
        "name": name,
        "why": why,
        "event_id": event_id or "",
        "heading": heading,
    }


@register.simple_tag
def ui_wizard_steps(steps: Sequence[str], current: int, urls: Mapping[int, str] | None = None) -> SafeString:
    """The list of steps; `current` counts from 1; `urls` links steps that may be visited."""
    return mark_safe(
        render_to_string("ui/wizard_steps.html", {"steps": _steps(steps, current, urls or {}), "current": current})
    )


def _steps(steps: Sequence[str], current: int, urls: Mapping[int, str]) -> list[dict[str, object]]:
    states = ["done" if n < current else "current" if n == current else "later" for n in range(1, len(steps) + 1)]
    return [
        {"number": number, "name": name, "state": state, "url": urls.get(number, "") if state != "current" else ""}
        for number, (name, state) in enumerate(zip(steps, states, strict=True), 1)
    ]


@register.simple_tag
def ui_flash(kind: str, text: str, detail: str = "", url: str = "", action: str = "") -> SafeString:
    """One message bar."""
    return mark_safe(render_to_string("ui/_flash.html", {"flash": ShownFlash(kind, text, detail, action, url)}))


@register.inclusion_tag("ui/_flashes.html", takes_context=True)
def ui_flashes(context: RequestContext) -> dict[str, object]:
    """All messages that wait, in their order."""
    return {"flashes": [shown_flash(message) for message in context.get("messages") or ()]}


@register.simple_tag
def ui_info(topic: str, text: str = "Info", about: str = "") -> SafeString:
    """The Info link that opens the help panel; nothing where the help pages are not installed."""
    url = nav.url_or_none("help", topic)
    if not url:
        return mark_safe("")
    hidden = format_html('<span class="visually-hidden"> about {}</span>', about or topic.replace("-", " "))
    return format_html(
        '<a class="info" href="{}" hx-get="{}" hx-target="#help" hx-swap="innerHTML">{}{}</a>', url, url, text, hidden
    )


@register.simple_tag
def ui_progress(label: str, value: int, maximum: int, text: str = "") -> SafeString:
    percent = 100 * value // maximum if maximum else 0
    note = format_html('<span class="progress-note">{}</span>', text) if text else ""
    return format_html(
        '<label class="progress"><span>{}</span><progress value="{}" max="{}"></progress>'
        '<span class="progress-value">{}%</span>{}</label>',
        label, value, maximum, percent, note,
    )  # fmt: skip


@register.inclusion_tag("ui/error_summary.html")
def ui_errors(form: BaseForm) -> dict[str, object]:
    """What is wrong in a form, as links to its fields; nothing when all is well."""
    fields = [field for field in form if field.errors]
    return {"form": form, "fields": fields, "general": form.non_field_errors()}
