"""Tells the model in time that its calls run out."""

from dataclasses import replace

from stackwright.agent.policies.base import TurnRequest

WRAP_UP_BEFORE = 2


class WrapUp:
    """From two calls before the limit on, asks for a working state instead of new work."""

    def apply(self, request: TurnRequest) -> TurnRequest:
        left = request.max_calls - request.calls_made
        if left > WRAP_UP_BEFORE:
            return request
        note = (
            f"\n\nOnly {left} model calls are left in this run after this one. "
            "Bring the app into a working state and end with an honest summary."
        )
        return replace(request, system=request.system + note)
