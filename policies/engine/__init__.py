"""The policy engine: pure Python, no Django, no clock, no randomness, no input or output."""

from __future__ import annotations

from policies.engine.decision import Decision, Layer, MatchedStatement, Outcome, Source, SourceKind
from policies.engine.document import Document, compile_document
from policies.engine.evaluate import decide
from policies.engine.explain import Explanation, explain
from policies.engine.messages import denial_message, reason_text
from policies.engine.policy_set import Policy, PolicySet
from policies.engine.positioned import DocumentError, Node, parse
from policies.engine.principal import Principal, PrincipalKind
from policies.engine.reasons import Reason
from policies.engine.request import Request

__all__ = [
    "Decision",
    "Document",
    "DocumentError",
    "Explanation",
    "Layer",
    "MatchedStatement",
    "Node",
    "Outcome",
    "Policy",
    "PolicySet",
    "Principal",
    "PrincipalKind",
    "Reason",
    "Request",
    "Source",
    "SourceKind",
    "compile_document",
    "decide",
    "denial_message",
    "explain",
    "parse",
    "reason_text",
]
