"""Realistic faults, each put into a sound application by itself."""

from prove.faults import desk, gym, household, rooms, shed_api, shed_pages
from prove.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    *household.FAULTS,
    *desk.FAULTS,
    *rooms.FAULTS,
    *gym.FAULTS,
    *shed_api.FAULTS,
    *shed_pages.FAULTS,
)
