"""Mutation testing: whether the engine's tests notice when the engine is changed."""
