"""Form parts beyond Django's own: choice tiles, toggles, the JSON editor, type-to-confirm, the tags editor."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TypeVar

from django import forms
from django.forms.renderers import get_default_renderer
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

FieldT = TypeVar("FieldT", bound=forms.Field)


def describe(field: FieldT, description: str = "", info: str = "", wide: bool = False, optional: bool = True) -> FieldT:
    """Give a form field a text under its label, an Info link, the full width; `optional=False` drops "- optional"."""
    for name, value in {"description": description, "info": info, "wide": wide, "say_optional": optional}.items():
        setattr(field, name, value)
    return field


class Choices(forms.RadioSelect):
    """Radio buttons with a sentence under each; `tiles=True` draws them as tiles beside each other."""

    template_name = "ui/widgets/choices.html"

    def __init__(
        self, descriptions: Mapping[str, str] | None = None, tiles: bool = False, disabled: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.descriptions, self.tiles, self.disabled = descriptions or {}, tiles, disabled

    def get_context(self, name, value, attrs):  # type: ignore[no-untyped-def]
        context = super().get_context(name, value, attrs)
        context["widget"]["tiles"] = self.tiles
        return context

    def create_option(self, name, value, *args, **kwargs):  # type: ignore[no-untyped-def]
        option = super().create_option(name, value, *args, **kwargs)
        option["description"] = self.descriptions.get(str(value), "")
        if str(value) in self.disabled:
            option["attrs"]["disabled"] = True
        return option


class CheckboxList(forms.CheckboxSelectMultiple):
    """Several checkboxes, each with a sentence under it."""

    template_name = "ui/widgets/choices.html"

    def __init__(self, descriptions: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.descriptions = descriptions or {}

    def create_option(self, name, value, *args, **kwargs):  # type: ignore[no-untyped-def]
        option = super().create_option(name, value, *args, **kwargs)
        option["description"] = self.descriptions.get(str(value), "")
        return option


class Toggle(forms.CheckboxInput):
    """A checkbox drawn as a switch."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "toggle", "role": "switch"})


class JSONEditor(forms.Textarea):
    """A textarea that the script turns into a code editor; the textarea stays the truth and works alone."""

    template_name = "ui/widgets/json_editor.html"

    def __init__(self, rows: int = 20, label: str = "Policy document") -> None:
        super().__init__(attrs={"rows": rows, "spellcheck": "false", "autocomplete": "off", "wrap": "off"})
        self.label = label

    def get_context(self, name, value, attrs):  # type: ignore[no-untyped-def]
        context = super().get_context(name, value, attrs)
        context["widget"]["editor_label"] = self.label
        context["widget"]["ace"] = static("django_ace/ace/")
        return context


class ConfirmField(forms.CharField):
    """A field that must be filled with exactly `word`; the browser checks it by pattern, the server again."""

    def __init__(self, word: str, label: str = "") -> None:
        attrs = {"pattern": re.escape(word).replace("/", r"\/"), "autocomplete": "off", "spellcheck": "false"}
        super().__init__(
            label=label or f"To confirm this deletion, type “{word}”", widget=forms.TextInput(attrs), strip=False
        )
        self.word = word

    def clean(self, value: object) -> str:
        if value != self.word:
            raise forms.ValidationError(f"Type {self.word} to confirm.")
        return self.word


def confirm_form(word: str, data: QueryDict | None = None) -> ConfirmForm:
    """The form of a deletion dialog."""
    return ConfirmForm(word, data)


class ConfirmForm(forms.Form):
    """One field, `confirm`, that takes only the given word."""

    def __init__(self, word: str, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["confirm"] = ConfirmField(word)


@dataclass
class TagsEditor:
    """Rows of key and value; Add and Remove are submit buttons, so it works without JavaScript.

    Keep one per page. In a POST view: `tags = TagsEditor.from_post(request.POST)`; when `tags.edited` a button was
    pressed: draw the form again instead of saving. `tags.pairs` are the filled rows.
    """

    rows: list[tuple[str, str]] = dataclass_field(default_factory=list)
    edited: bool = False
    errors: dict[int, str] = dataclass_field(default_factory=dict)
    limit: int = 50

    @classmethod
    def from_post(cls, posted: QueryDict) -> TagsEditor:
        rows = list(zip(posted.getlist("tag_key"), posted.getlist("tag_value"), strict=False))
        add, remove = "tag_add" in posted, posted.get("tag_remove", "")
        if add:
            rows.append(("", ""))
        if remove.isdecimal() and int(remove) < len(rows):
            del rows[int(remove)]
        return cls(rows, edited=add or bool(remove))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(key, value) for key, value in self.rows if key or value]

    @property
    def numbered(self) -> list[tuple[int, str, str, str]]:
        return [(number, key, value, self.errors.get(number, "")) for number, (key, value) in enumerate(self.rows)]

    @property
    def left(self) -> int:
        return self.limit - len(self.rows)

    def __str__(self) -> SafeString:
        return mark_safe(get_default_renderer().render("ui/tags_editor.html", {"tags": self}))
