from fixtures.console import console

__all__ = ["console"]
