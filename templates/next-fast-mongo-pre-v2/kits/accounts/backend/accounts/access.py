"""What the person of a request may do with which records, as `rights.py` says."""

from typing import Annotated

from fastapi import Depends, Request

from access import Access, Action, Condition
from accounts.people import Person, names_of
from accounts.rights import RIGHTS, ROLES, SPOKEN, Rights
from accounts.sessions import signed_in
from problems import Refused
from registry import ENTITIES

VERBS = {"read": "see", "add": "add", "change": "change", "delete": "delete"}
STRANGER = "Please log in first."


async def current_person(request: Request) -> Person:
    """For routes that need a login; raises Refused (401)."""
    person = await signed_in(request)
    if person is None:
        raise Refused(STRANGER, is_stranger=True)
    return person


CurrentPerson = Annotated[Person, Depends(current_person)]


class PersonAccess(Access):
    """Of one person; None is a stranger."""

    def __init__(self, person: Person | None) -> None:
        self.person = person

    def where(self, entity: str, action: Action) -> Condition:
        who = str(getattr(RIGHTS.get(entity, Rights()), action))
        if who == "anyone":
            return {}
        if self.person is None:
            raise Refused(STRANGER, is_stranger=True)
        if who == "signed_in":
            return {}
        if who == "own":
            return {} if self._sees_all() else {"_person": self.person.id}
        if self.person.rank < ROLES.index(who):
            nouns = ENTITIES[entity].label_plural
            raise Refused(f"Only {SPOKEN[who]} may {VERBS[action]} {nouns}.")
        return {}

    def _sees_all(self) -> bool:
        return self.person is not None and self.person.rank > 0

    def sees(self, entity: str) -> Condition | None:
        try:
            return self.where(entity, "read")
        except Refused:
            return None

    def mark(self) -> Condition:
        return {"_person": self.person.id if self.person else None}

    def refuse(self, entity: str, action: Action) -> Exception:
        return Refused(f"You may {VERBS[action]} only your own {ENTITIES[entity].label_plural}.")

    async def describe(self, documents: list[Condition]) -> None:
        """Names are shown to those who are signed in."""
        if self.person is None:
            return
        names = await names_of({one["_person"] for one in documents if one.get("_person")})
        for document in documents:
            maker = document.get("_person")
            document["record_maker"] = names.get(maker or "", "")
            document["record_is_mine"] = maker == self.person.id


async def current_access(request: Request) -> Access:
    return PersonAccess(await signed_in(request))


CurrentAccess = Annotated[Access, Depends(current_access)]
