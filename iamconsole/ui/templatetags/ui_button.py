"""The button: an `<a>` when it goes somewhere, a `<button>` when it does something."""

from __future__ import annotations

from django.template import TemplateSyntaxError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from iamconsole.ui.icons import icon as draw

VARIANTS = {
    "primary": "button button-primary",
    "normal": "button",
    "link": "button button-link",
    "icon": "button button-icon",
    "plain-icon": "icon-button",
}


def ui_button(
    text: str,
    *,
    href: str = "",
    type: str = "submit",
    name: str = "",
    value: str = "",
    variant: str = "normal",
    icon: str = "",
    icon_after: str = "",
    disabled: bool = False,
    reason: str = "",
    modal: bool = False,
    form: str = "",
    formaction: str = "",
    formmethod: str = "",
    formnovalidate: bool = False,
    needs: str = "",
    loading: bool = False,
    full: bool = False,
    id: str = "",
    new_tab: bool = False,
) -> SafeString:
    """A button. Icon-only variants use `text` as their name. `modal=True` opens the answer in the dialog (the
    address is a whole page without JavaScript). `needs` is "one" or "some": how many rows of the form's table must
    be selected. `reason` says in a tooltip why it is disabled, which keeps it focusable."""
    if variant not in VARIANTS:
        raise TemplateSyntaxError(f"ui_button: no variant {variant!r}, only {', '.join(VARIANTS)}")
    attributes: dict[str, str | bool] = {
        "id": id, "class": VARIANTS[variant] + (" button-full" if full else "") + (" is-loading" if loading else ""),
        "form": form, "data-needs": needs, "title": reason, "aria-disabled": "true" if disabled or loading else "",
    }  # fmt: skip
    if "icon" in variant:
        attributes |= {"aria-label": text, "title": reason or text}
    attributes |= modal_attributes(href or formaction, form) if modal else {}
    if href:
        return _link(text, variant, icon, icon_after, attributes, "" if disabled else href, new_tab)
    attributes |= {
        "type": "button" if disabled and reason else type, "name": name, "value": value, "formaction": formaction,
        "formmethod": formmethod, "formnovalidate": formnovalidate, "disabled": (disabled and not reason) or loading,
    }  # fmt: skip
    return format_html(
        "<button{}>{}</button>", html_attributes(attributes), _content(text, variant, icon, icon_after, loading)
    )


def _link(
    text: str, variant: str, icon: str, icon_after: str, attributes: dict[str, str | bool], href: str, new_tab: bool
) -> SafeString:
    attributes |= {"href": href, "target": "_blank" if new_tab else "", "rel": "noopener" if new_tab else ""}
    if not href:
        attributes |= {"role": "link", "tabindex": "0"}
    return format_html(
        "<a{}>{}</a>",
        html_attributes(attributes),
        _content(text, variant, icon, icon_after or ("external" if new_tab else "")),
    )


def modal_attributes(url: str, form: str) -> dict[str, str | bool]:
    return {"hx-get": url, "hx-target": "#modal", "hx-swap": "innerHTML", "hx-include": f"#{form}" if form else ""}


def html_attributes(attributes: dict[str, str | bool]) -> SafeString:
    present = ((name, "" if value is True else value) for name, value in attributes.items() if value)
    return format_html_join("", ' {}="{}"', present)


def _content(text: str, variant: str, icon: str, icon_after: str, loading: bool = False) -> SafeString:
    first = draw("status-loading") if loading else draw(icon) if icon else mark_safe("")
    if "icon" in variant:
        return first
    return format_html("{}<span>{}</span>{}", first, text, draw(icon_after) if icon_after else "")
