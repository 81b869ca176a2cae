"""Our own 16x16 icons: two-pixel strokes in the colour of the text around them, inlined as SVG."""

# ruff: noqa: E501  (a drawing does not break into lines)
from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_RING = '<circle cx="8" cy="8" r="6.9" stroke-width="1.9"/>'

ICONS: dict[str, str] = {
    "add": '<path d="M8 2v12M2 8h12"/>',
    "angle-left": '<path d="m11 2-6 6 6 6"/>',
    "angle-right": '<path d="m5 2 6 6-6 6"/>',
    "angle-up": '<path d="m2 11 6-6 6 6"/>',
    "angle-down": '<path d="m2 5 6 6 6-6"/>',
    "caret-down": '<path d="M3 4.5h10L8 12.5Z" fill="currentColor" stroke-width="1"/>',
    "caret-up": '<path d="M3 11.5h10L8 3.5Z" fill="currentColor" stroke-width="1"/>',
    "caret-right": '<path d="M5 3.5v9l7-4.5Z" fill="currentColor" stroke-width="1"/>',
    "sort": '<path d="M3.5 5h9L8 12Z" stroke-width="1.8"/>',
    "check": '<path d="m2 8.5 4 4 8-9"/>',
    "close": '<path d="m2 2 12 12M14 2 2 14"/>',
    "copy": '<path d="M6 6h8v8H6zM3 11H2V2h9v1"/>',
    "download": '<path d="M8 1v9M4 6.5l4 4 4-4M1 11v3.5h14V11"/>',
    "upload": '<path d="M8 11V2M4 5.5l4-4 4 4M1 11v3.5h14V11"/>',
    "drag": '<path d="M5.5 3v.01M5.5 8v.01M5.5 13v.01M10.5 3v.01M10.5 8v.01M10.5 13v.01" stroke-linecap="round"/>',
    "edit": '<path d="m2 14 1-4 8-8 3 3-8 8ZM9 4l3 3" stroke-linejoin="round"/>',
    "ellipsis": '<path d="M3 8h.01M8 8h.01M13 8h.01" stroke-linecap="round" stroke-width="2.5"/>',
    "external": '<path d="M9 2h5v5M14 2 7.5 8.5M6 3H2v11h11v-4"/>',
    "eye": '<path d="M1 8c3-6.5 11-6.5 14 0-3 6.5-11 6.5-14 0Z"/><circle cx="8" cy="8" r="2"/>',
    "file": '<path d="M3 1h6l4 4v10H3zM9 1v4h4"/>',
    "filter": '<path d="M1.5 2h13L10 8.5V14l-4-2V8.5Z" stroke-linejoin="round"/>',
    "folder": '<path d="M1 3h5l2 2h7v9H1Z"/>',
    "graph": '<circle cx="3.5" cy="8" r="2"/><circle cx="12.5" cy="3.5" r="2"/><circle cx="12.5" cy="12.5" r="2"/><path d="m5.2 7 5.5-2.6M5.2 9l5.5 2.6"/>',
    "group": '<circle cx="6" cy="5" r="2.8"/><path d="M1 14.5c0-6 10-6 10 0M10.5 2.3a2.8 2.8 0 0 1 0 5.4M12 9.5c2 .7 3 2.3 3 5"/>',
    "help": _RING + '<path d="M5.9 6.2c0-2.8 4.3-2.6 4.2 0C10 7.6 8 7.6 8 9.3M8 11v1.3" stroke-width="1.7"/>',
    "info": _RING + '<path d="M8 7v5M8 4v1.5"/>',
    "key": '<circle cx="5" cy="11" r="3"/><path d="m7 9 7-7M11 5l2.5 2.5"/>',
    "lock": '<path d="M2.5 7h11v7.5h-11zM5 7V4.5c0-4 6-4 6 0V7"/>',
    "menu": '<path d="M1 3h14M1 8h14M1 13h14"/>',
    "minus": '<path d="M3 8h10"/>',
    "policy": '<path d="M3 1h10v14H3zM6 5h4M6 8h4M6 11h2"/>',
    "refresh": '<path d="M14 5.5A6.6 6.6 0 1 0 14.6 9M14.5 1v4.8H9.8"/>',
    "role": '<path d="M8 1 2 3.5V8c0 3.5 2.5 5.5 6 7 3.5-1.5 6-3.5 6-7V3.5ZM5.5 8l2 2 3.5-4" stroke-linejoin="round"/>',
    "search": '<circle cx="6.5" cy="6.5" r="4.5"/><path d="m10 10 4.5 4.5"/>',
    "settings": '<path d="M8 1.5 9.6 3l2.2-.2.3 2.2 2 1L13.3 8l.8 2-2 1-.3 2.2-2.2-.2L8 14.5 6.4 13l-2.2.2-.3-2.2-2-1 .8-2-.8-2 2-1 .3-2.2 2.2.2Z" stroke-width="1.7" stroke-linejoin="round"/><circle cx="8" cy="8" r="2" stroke-width="1.7"/>',
    "split-panel": '<path d="M1.5 2h13v12h-13zM4.5 8h7v3.5h-7z"/>',
    "trash": '<path d="M2 4h12M6 4V1.5h4V4M3.5 4v10.5h9V4M6.5 7v5M9.5 7v5"/>',
    "undo": '<path d="M5 2 2 5l3 3M2 5h8c5.5 0 5.5 8.5 0 8.5H6"/>',
    "user": '<circle cx="8" cy="5" r="3.2"/><path d="M2 15c0-7 12-7 12 0"/>',
    "status-success": _RING + '<path d="m4.7 8.2 2.3 2.3 4.2-4.7" stroke-width="1.8"/>',
    "status-error": _RING + '<path d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6" stroke-width="1.8"/>',
    "status-warning": '<path d="M8 2 1.5 14h13ZM8 6.5V10M8 11v1.4" stroke-width="1.8" stroke-linejoin="round"/>',
    "status-info": _RING + '<path d="M8 7v4.5M8 4.5V6" stroke-width="1.8"/>',
    "status-pending": _RING + '<path d="M8.3 4v4.3H5" stroke-width="1.8"/>',
    "status-in-progress": _RING + '<path d="M4.7 8h.01M8 8h.01M11.3 8h.01" stroke-linecap="round" stroke-width="1.8"/>',
    "status-loading": '<path d="M8 1.8A6.2 6.2 0 0 1 12 12.8"/>',
    "status-stopped": _RING + '<path d="M5 8h6" stroke-width="1.8"/>',
    "status-not-started": _RING,
}

_SVG = (
    '<svg class="icon icon-{}" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor"'
    ' stroke-width="2" focusable="false" {}>{}</svg>'
)


def icon(name: str, label: str = "") -> SafeString:
    """The icon as inline SVG: decoration unless it has a `label`; an unknown name is a KeyError."""
    meaning = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(_SVG, name, meaning, mark_safe(ICONS[name]))
