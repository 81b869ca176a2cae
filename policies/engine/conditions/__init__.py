"""Condition blocks: operators, set operators, IfExists, and what an absent key means."""

from __future__ import annotations

from policies.engine.conditions.condition import Check, Condition, Quantifier, compile_condition

__all__ = ["Check", "Condition", "Quantifier", "compile_condition"]
