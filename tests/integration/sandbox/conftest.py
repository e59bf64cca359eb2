"""What tests of the sandbox manager share."""

from fixtures.sandbox_managers import managers

__all__ = ["managers"]
