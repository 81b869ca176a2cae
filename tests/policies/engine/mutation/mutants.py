"""All small changes of a module: one operator, constant, condition or result at a time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Continue: ast.Break,
    ast.Break: ast.Continue,
}
# What changes nothing that a caller can see: annotations, how classes are made, what is shown of them, cache sizes.
_UNSEEN = frozenset({"annotation", "returns", "decorator_list"})
_UNSEEN_NAMES = frozenset({"__slots__", "_REMEMBERED_ACTIONS"})


@dataclass(frozen=True)
class Mutant:
    """A module's source with one change, and where it was made."""

    line: int
    change: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a source text."""
    tree = ast.parse(source)
    for node, name, place in list(_spots(tree)):
        held = getattr(node, name)
        old = held if place is None else held[place]
        for new in _changed(old):
            _put(node, name, place, new)
            line = next((each.lineno for each in (old, node) if hasattr(each, "lineno")), 0)
            yield Mutant(line, f"{_shown(old)}  ->  {_shown(new)}", ast.unparse(ast.fix_missing_locations(tree)))
            _put(node, name, place, old)


def _spots(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    """Where an expression or operator stands that may change."""
    if _is_unseen(node):
        return
    for name, value in ast.iter_fields(node):
        if name in _UNSEEN:
            continue
        children = [(place, each) for place, each in enumerate(value)] if isinstance(value, list) else [(None, value)]
        for place, child in children:
            if isinstance(child, ast.AST) and not _is_docstring(child):
                yield node, name, place
                yield from _spots(child)


def _is_unseen(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "field":
        return True
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in _UNSEEN_NAMES


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _changed(old: ast.AST) -> Iterator[ast.AST]:
    swap = _SWAPS.get(type(old))
    if swap is not None:
        yield swap()
    if isinstance(old, ast.Constant):
        yield from _other_constant(old.value)
    elif isinstance(old, ast.UnaryOp) and isinstance(old.op, ast.Not):
        yield old.operand
    elif isinstance(old, ast.If | ast.IfExp | ast.While) and not isinstance(old.test, ast.Compare):
        fields = {**dict(ast.iter_fields(old)), "test": ast.UnaryOp(ast.Not(), old.test)}
        yield type(old)(**fields)
    elif isinstance(old, ast.Return) and old.value is not None and not isinstance(old.value, ast.Constant):
        yield ast.Return(ast.Constant(None))


def _other_constant(value: object) -> Iterator[ast.Constant]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, str):
        yield ast.Constant(f"{value}x")


def _put(node: ast.AST, name: str, place: int | None, new: ast.AST) -> None:
    if place is None:
        setattr(node, name, new)
    else:
        getattr(node, name)[place] = new


def _shown(node: ast.AST) -> str:
    if isinstance(node, ast.operator | ast.cmpop | ast.boolop):
        return type(node).__name__
    return ast.unparse(ast.fix_missing_locations(node)).split("\n")[0]
