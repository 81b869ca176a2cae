"""The verbs of accounts; importing them registers them."""

from accounts.operations import aliases, making, naming, password_policy, resetting, summary, unlocking

__all__ = ["aliases", "making", "naming", "password_policy", "resetting", "summary", "unlocking"]
