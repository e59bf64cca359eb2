"""Deterministic applications: a specification becomes a backend, a frontend and their tests."""
