"""The policy engine: pure Python, no Django, no clock, no randomness, no input or output."""

from __future__ import annotations

from policies.engine.positioned import DocumentError, Node, parse

__all__ = ["DocumentError", "Node", "parse"]
