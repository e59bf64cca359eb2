"""The applications that are asked for. Written by hand, before anybody built them."""

from evaluation.task import Task
from evaluation.tasks import clubs, home, learning, numbers, outdoors, people, work

TASKS: tuple[Task, ...] = (
    *home.TASKS,
    *clubs.TASKS,
    *work.TASKS,
    *learning.TASKS,
    *numbers.TASKS,
    *people.TASKS,
    *outdoors.TASKS,
)
