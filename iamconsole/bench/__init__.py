"""Benchmarks: small functions that give one figure each; `manage.py bench` runs them."""

from __future__ import annotations
