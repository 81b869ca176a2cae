"""What the address of a simulation says: who, which actions, which resources, which context keys. Pure but for URLs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from iamconsole.operations.registry import ContextValue
from policies.catalog.facts import facts
from policies.catalog.services import Action, actions, find_action, is_wildcard_only, search_actions

MOST_ROWS = 500
MOST_CHOICES = 100
ABSENT = "(absent)"
# Fields and buttons of the form that an address to share does not have.
_FORM_ONLY = ("add", "add_all", "remove", "search", "key", "value")


@dataclass(frozen=True)
class Questions:
    """A simulation as asked for; `find` and `service` are the search for more actions."""

    principal: str = ""
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ("*",)
    context: tuple[tuple[str, str], ...] = ()
    find: str = ""
    service: str = ""
    run: bool = False
    why: int = 0

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Every action with every resource; an action that works on no resource once, with `*`."""
        asked = (
            (action, "*" if is_wildcard_only(action) else arn) for action, arn in product(self.actions, self.resources)
        )
        return list(dict.fromkeys(asked))

    @property
    def too_many(self) -> bool:
        return len(self.actions) * len(self.resources) > MOST_ROWS

    @property
    def resource_lines(self) -> str:
        return "\n".join(self.resources)

    @property
    def given(self) -> dict[str, ContextValue]:
        """The context keys that were filled in; keys known to hold several values are split at commas."""
        return {key: _value(key, text) for key, text in self.context if text}

    def query(self, **changes: object) -> str:
        """The address to share, without the defaults."""
        wanted = replace(self, **changes)  # type: ignore[arg-type]  # names of the fields above
        pairs: list[tuple[str, str]] = [("principal", wanted.principal)]
        pairs += [("action", action) for action in wanted.actions]
        pairs += [("resource", resource) for resource in wanted.resources if wanted.resources != ("*",)]
        pairs += [("context", f"{key}={value}") for key, value in wanted.context]
        pairs += [("find", wanted.find), ("service", wanted.service)]
        pairs += [("run", "1" if wanted.run else ""), ("why", str(wanted.why or ""))]
        return urlencode([(name, value) for name, value in pairs if value])

    def url(self, **changes: object) -> str:
        return f"{reverse('simulator')}?{self.query(**changes)}"

    @property
    def choices(self) -> list[Action]:
        """Actions of the catalogue that answer the search."""
        found = actions(self.service) if self.service else search_actions(self.find, MOST_CHOICES)
        if self.service and self.find:
            words = self.find.lower().rpartition(":")[2]
            found = [action for action in found if words in action.name.lower()]
        return found[:MOST_CHOICES]

    @property
    def cli(self) -> str:
        """The same question to AWS's command line."""
        parts = ["aws iam simulate-principal-policy", f"--policy-source-arn {_quoted(self.principal)}"]
        parts += ["--action-names " + " ".join(map(_quoted, self.actions))]
        parts += ["--resource-arns " + " ".join(map(_quoted, self.resources))]
        return " ".join(parts)


def read_questions(asked: QueryDict) -> Questions:
    """The simulation that an address or the form asks for; buttons that add and take away are already obeyed."""
    chosen = [_spelled(name) for name in asked.getlist("action") if name]
    context = [_pair(text) for text in asked.getlist("context")]
    context += [pair for pair in zip(asked.getlist("key"), asked.getlist("value"), strict=False) if pair[0].strip()]
    lines = [line for text in asked.getlist("resource") for line in text.split()]
    why = asked.get("why", "")
    found = Questions(
        principal=asked.get("principal", "").strip(),
        actions=_unique(chosen),
        resources=_unique(lines) or ("*",),
        context=tuple({key.strip(): value.strip() for key, value in context if value.strip()}.items()),
        find=asked.get("find", "").strip(),
        service=asked.get("service", ""),
        run=bool(asked.get("run")),
        why=int(why) if why.isdecimal() and len(why) < 5 else 0,
    )
    return _obeyed(found, asked)


def _obeyed(found: Questions, asked: QueryDict) -> Questions:
    chosen = found.actions
    if "add_all" in asked:
        chosen = _unique([*chosen, *(action.full_name for action in found.choices)])
    typed = find_action(found.find)
    if "add" in asked and typed is not None:
        chosen = _unique([*chosen, typed.full_name])
    if "remove" in asked:
        chosen = tuple(action for action in chosen if action != asked["remove"])
    changed = any(name in asked for name in ("add", "add_all", "remove", "search"))
    return replace(found, actions=chosen, run=found.run and not changed)


def from_the_form(asked: QueryDict) -> bool:
    """Whether this is the form as sent, which has a shorter address to share."""
    return any(name in asked for name in _FORM_ONLY)


def many_values(key: str) -> bool:
    return (facts().condition_key_type(key) or "").startswith("ArrayOf")


def _value(key: str, text: str) -> ContextValue:
    if text == ABSENT:
        return ()
    return tuple(part.strip() for part in text.split(",")) if many_values(key) else text


def _pair(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key, value


def _spelled(name: str) -> str:
    found = find_action(name.strip())
    return found.full_name if found else name.strip()


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
