"""Stackwright: a self-hosted builder of full-stack web applications that proves its work."""

__version__ = "0.1.0"
