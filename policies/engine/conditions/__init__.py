"""Condition blocks: operators, set operators, IfExists, and what an absent key means."""

from __future__ import annotations

from policies.engine.conditions.condition import Condition, Quantifier, compile_condition

__all__ = ["Condition", "Quantifier", "compile_condition"]
