"""What tests of the sandbox manager share."""

from fixtures.run_contexts import play, played
from fixtures.sandbox_managers import managers

__all__ = ["managers", "play", "played"]
