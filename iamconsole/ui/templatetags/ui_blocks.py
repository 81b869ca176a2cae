"""Component tags that enclose a part of the template."""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context, RequestContext
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from iamconsole.ui.icons import icon
from iamconsole.ui.tables import BoundTable
from iamconsole.ui.templatetags.ui_button import html_attributes, modal_attributes

ALERT_KINDS = ("info", "success", "warning", "error")


def register_blocks(register: template.Library) -> None:
    """Put the block tags into the library `ui`."""
    register.simple_block_tag(ui_alert)
    register.simple_block_tag(ui_expandable)
    register.simple_block_tag(ui_menu)
    register.simple_block_tag(ui_kv)
    register.simple_block_tag(ui_kv_item)
    register.simple_block_tag(takes_context=True)(ui_table)
    register.simple_tag(ui_menu_item)
    register.simple_tag(ui_menu_heading)
    register.simple_tag(ui_menu_rule)
    register.tag("ui_container", compile_container)
    register.tag("ui_actions", compile_actions)


def ui_alert(content: str, kind: str = "info", title: str = "", dismissible: bool = False) -> SafeString:
    """A message inside the page."""
    if kind not in ALERT_KINDS:
        raise template.TemplateSyntaxError(f"ui_alert: no kind {kind!r}, only {', '.join(ALERT_KINDS)}")
    heading = format_html('<p class="alert-title">{}</p>', title) if title else ""
    close = ""
    if dismissible:
        close = format_html(
            '<button type="button" class="icon-button needs-js" data-dismiss aria-label="Dismiss">{}</button>',
            icon("close"),
        )
    return format_html(
        '<div class="alert alert-{}" role="{}">{}<div class="alert-body">{}{}</div>{}</div>',
        kind, "alert" if kind == "error" else "note", icon(f"status-{kind}", kind.capitalize()),
        heading, content, close,
    )  # fmt: skip


def ui_expandable(
    content: str, title: str, open: bool = False, counter: str = "", container: bool = False, id: str = ""
) -> SafeString:
    """A section that opens and closes; `container=True` draws it as a card with an h2."""
    heading = "h2" if container else "span"
    identity = format_html(' id="{}"', id) if id else ""
    count = format_html(' <span class="counter">{}</span>', counter) if counter else ""
    return format_html(
        '<details class="expandable{}"{}{}><summary>{}<{} class="expandable-title">{}{}</{}></summary>'
        '<div class="expandable-body">{}</div></details>',
        " container" if container else "", identity, mark_safe(" open") if open else "",
        icon("caret-right"), heading, title, count, heading, content,
    )  # fmt: skip


def ui_menu(content: str, text: str, variant: str = "normal", align: str = "end") -> SafeString:
    """A button with a list of links and buttons below it (`ui_menu_item`)."""
    style = " button-primary" if variant == "primary" else ""
    return format_html(
        '<details class="menu menu-{}"><summary class="button{}"><span>{}</span>{}</summary>'
        '<ul class="menu-list">{}</ul></details>',
        align, style, text, icon("caret-down"), content,
    )  # fmt: skip


def ui_menu_item(
    text: str,
    *,
    href: str = "",
    name: str = "",
    value: str = "",
    form: str = "",
    formaction: str = "",
    modal: bool = False,
    needs: str = "",
    disabled: bool = False,
) -> SafeString:
    """An entry of a menu; the keywords are those of `ui_button`."""
    attributes: dict[str, str | bool] = {"class": "menu-item", "form": form, "data-needs": needs}
    attributes |= modal_attributes(href or formaction, form) if modal else {}
    if href:
        attributes |= {"href": "" if disabled else href, "aria-disabled": "true" if disabled else ""}
        return format_html("<li><a{}>{}</a></li>", html_attributes(attributes), text)
    attributes |= {"type": "submit", "name": name, "value": value, "formaction": formaction, "disabled": disabled}
    return format_html("<li><button{}>{}</button></li>", html_attributes(attributes), text)


def ui_menu_heading(text: str) -> SafeString:
    return format_html('<li class="menu-heading">{}</li>', text)


def ui_menu_rule() -> SafeString:
    return mark_safe('<li class="menu-rule" aria-hidden="true"></li>')


def ui_kv(content: str, columns: int = 3) -> SafeString:
    """Key-value pairs in columns; fill it with `ui_kv_item`."""
    return format_html('<div class="kv-box"><dl class="kv kv-{}">{}</dl></div>', columns, content)


def ui_kv_item(content: str, key: str) -> SafeString:
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", key, content)


def ui_table(context: RequestContext, content: str, table: BoundTable[object]) -> SafeString:
    """A whole table; what it encloses are the buttons in its header."""
    return mark_safe(render_to_string("ui/table.html", {"table": table, "actions": content}, context.request))


CONTAINER_KEYWORDS = ("title", "counter", "description", "info", "id", "flush")


class ActionsNode(Node):
    """The buttons of a container's header, taken out of its body when the template is compiled."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        return self.nodelist.render(context)


class ContainerNode(Node):
    """A card: title, counter, description, actions, body."""

    def __init__(self, keywords: dict[str, FilterExpression], nodelist: NodeList) -> None:
        self.keywords = keywords
        self.actions = next((node for node in nodelist if isinstance(node, ActionsNode)), None)
        self.nodelist = NodeList(node for node in nodelist if not isinstance(node, ActionsNode))

    def render(self, context: Context) -> SafeString:
        values = {name: expression.resolve(context) for name, expression in self.keywords.items()}
        # Actions that are all left out on this page leave no empty row.
        actions = mark_safe(self.actions.render(context).strip()) if self.actions else ""
        values |= {"actions": actions, "body": self.nodelist.render(context)}
        return mark_safe(render_to_string("ui/container.html", values))


def compile_container(parser: Parser, token: Token) -> ContainerNode:
    """`{% ui_container title="Summary" counter="(2)" description="" info="topic" id="" flush=True %}`."""
    bits = token.split_contents()[1:]
    keywords = token_kwargs(bits, parser)
    unknown = [*bits, *(name for name in keywords if name not in CONTAINER_KEYWORDS)]
    if unknown:
        raise template.TemplateSyntaxError(
            f"ui_container: no keyword {unknown[0]!r}, only {', '.join(CONTAINER_KEYWORDS)}"
        )
    nodelist = parser.parse(("endui_container",))
    parser.delete_first_token()
    return ContainerNode(keywords, nodelist)


def compile_actions(parser: Parser, token: Token) -> ActionsNode:
    """`{% ui_actions %} buttons {% endui_actions %}`, directly inside a container."""
    nodelist = parser.parse(("endui_actions",))
    parser.delete_first_token()
    return ActionsNode(nodelist)
