"""The verbs of policies; importing them registers them."""

from policies.operations import attachments, boundaries, entities, inline, policies, simulate, tags, versions

__all__ = ["attachments", "boundaries", "entities", "inline", "policies", "simulate", "tags", "versions"]
