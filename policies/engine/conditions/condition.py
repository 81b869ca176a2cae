"""One operator on one key: the unit of a condition block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from policies.engine.conditions import arn, binary, boolean, date, ip, null, numeric, string
from policies.engine.conditions.operator import Operator, Test
from policies.engine.variables import Keys, Template, Variable, template

_OPERATORS: dict[str, Operator] = (
    string.OPERATORS
    | numeric.OPERATORS
    | date.OPERATORS
    | boolean.OPERATORS
    | binary.OPERATORS
    | ip.OPERATORS
    | arn.OPERATORS
)
_IF_EXISTS = "ifexists"
Check = Callable[[Keys], bool]


class Quantifier(Enum):
    """The set operators, which speak about several request values."""

    ALL = "forallvalues:"
    ANY = "foranyvalue:"


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key with its values; all conditions of a statement must hold."""

    operator: str
    key: str
    lookup: str
    templates: tuple[Template, ...]
    negated: bool
    if_exists: bool
    quantifier: Quantifier | None
    known: bool
    is_null: bool
    check: Check
    raw: tuple[str, ...]
    variables: tuple[Variable, ...]
    may_differ: bool
    """Whether resolving variables and escapes may give other texts than `raw`."""

    def holds(self, keys: Keys) -> bool:
        return self.check(keys)


def compile_condition(operator: str, key: str, values: Sequence[str], *, variables: bool) -> Condition:
    """Compile one key of one operator; an operator nobody knows never holds."""
    quantifier, name, if_exists = _understood(operator)
    found = _OPERATORS.get(name)
    usable = variables and found is not None and found.variables
    wild = found is not None and found.wild
    templates = tuple(template(value, variables=usable, wild=wild) for value in values)
    lookup = key.lower()
    if found is not None:
        tests = tuple(found.read(value) for value in templates)
        check = _check(lookup, tests, found.negated, if_exists, quantifier)
    elif name == null.NAME and not if_exists:
        check = _null_check(values, lookup)
    else:
        check = _unknown
    return Condition(
        operator=operator,
        key=key,
        lookup=lookup,
        templates=templates,
        negated=found is not None and found.negated,
        if_exists=if_exists,
        quantifier=quantifier,
        known=check is not _unknown,
        is_null=name == null.NAME,
        check=check,
        raw=tuple(values),
        variables=tuple(variable for each in templates for variable in each.variables),
        may_differ=any(each.text({}) != each.raw for each in templates),
    )


def _understood(operator: str) -> tuple[Quantifier | None, str, bool]:
    name = operator.lower()
    quantifier = next((each for each in Quantifier if name.startswith(each.value)), None)
    name = name.removeprefix(quantifier.value) if quantifier else name
    return quantifier, name.removesuffix(_IF_EXISTS), name.endswith(_IF_EXISTS)


def _unknown(keys: Keys) -> bool:
    return False


def _null_check(values: Sequence[str], lookup: str) -> Check:
    return lambda keys: null.absent_as_wanted(values, keys, lookup)


def _check(
    lookup: str, tests: tuple[Test, ...], negated: bool, if_exists: bool, quantifier: Quantifier | None
) -> Check:
    def satisfies(seen: str, keys: Keys) -> bool:
        for test in tests:
            if test(seen, keys):
                return not negated
        return negated

    def single(keys: Keys) -> bool:
        seen = keys.get(lookup)
        if seen is None:
            return if_exists or negated
        if not isinstance(seen, str):
            # Several values without a set operator: AWS does not define it, so neither form matches.
            return False
        for test in tests:  # `satisfies` written out: most conditions come by here
            if test(seen, keys):
                return not negated
        return negated

    def every(keys: Keys) -> bool:
        seen = _as_list(keys.get(lookup, ()))
        return not any(seen) or all(satisfies(value, keys) for value in seen)

    def some(keys: Keys) -> bool:
        seen = _as_list(keys.get(lookup, ()))
        return any(satisfies(value, keys) for value in seen) if seen else if_exists

    return {None: single, Quantifier.ALL: every, Quantifier.ANY: some}[quantifier]


def _as_list(seen: str | tuple[str, ...]) -> tuple[str, ...]:
    return (seen,) if isinstance(seen, str) else seen
