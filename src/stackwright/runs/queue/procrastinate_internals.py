"""The part of procrastinate that we use and that is not its public interface.

`requirements.txt` pins the version; tests/unit/runs/queue/test_procrastinate_internals.py says whether
it is still what this package takes it for.
"""

import json
from typing import Any

import procrastinate
from procrastinate.connector import Notify
from procrastinate.jobs import JobInserted


class ListeningConnector(procrastinate.PsycopgConnector):
    """Has the worker look into the queue as soon as it listens: nobody notified it of jobs that came
    before, or while the listening connection was lost."""

    async def _loop_notify(self, on_notification: Notify, *arguments: Any, **options: Any) -> None:
        notification: JobInserted = {"type": "job_inserted", "job_id": 0}
        await on_notification(channel="", payload=json.dumps(notification))
        await super()._loop_notify(on_notification, *arguments, **options)
