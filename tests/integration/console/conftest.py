from fixtures.console import built_console, console

__all__ = ["built_console", "console"]
