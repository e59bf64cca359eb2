"""Faults of the gym: an application of the scaffold in which people log in."""

from functools import partial

from prove.faults.fault import Fault

_fault = partial(Fault, app="gym")
STORE = "backend/store.py"
ROUTES = "backend/accounts/routes.py"
SESSIONS = "backend/accounts/sessions.py"
RIGHTS = "backend/accounts/rights.py"

FAULTS = (
    _fault(
        name="no right is asked for",
        path=STORE,
        old='return {"_owner": self.owner, **self.access.where(self.entity.name, action)}',
        new='return {"_owner": self.owner}',
        notices="members add courses and see what others have booked",
    ),
    _fault(
        name="another's record opens by its id",
        path=STORE,
        old='find_one({"_id": record_id, **self._allowed("read")})',
        new='find_one({"_id": record_id, "_owner": self.owner})',
        notices="who has the address reads somebody else's booking",
    ),
    _fault(
        name="the list shows everybody's records",
        path=STORE,
        old='return {**where, **self._allowed("read")}',
        new='return {**where, "_owner": self.owner}',
        notices="members see who else has booked",
    ),
    _fault(
        name="another's record can be changed",
        path=STORE,
        old='allowed = self._allowed("change")',
        new='allowed = {"_owner": self.owner}',
        notices="a booking is moved by somebody else, who is told that it does not exist",
    ),
    _fault(
        name="another's record can be deleted",
        path=STORE,
        old='query = {"_id": record_id, **self._allowed("delete")}',
        new='query = {"_id": record_id, "_owner": self.owner}',
        notices="a booking is gone, and nobody of those who own it did that",
    ),
    _fault(
        name="members add courses",
        path=RIGHTS,
        old='        add="staff",\n',
        new='        add="signed_in",\n',
        notices="a course that no staff added",
    ),
    _fault(
        name="any password lets in",
        path=ROUTES,
        old="if not await passwords.matches(body.password, stored) or document is None:",
        new="if await passwords.matches(body.password, stored) is None or document is None:",
        notices="a wrong password opens somebody's account",
    ),
    _fault(
        name="an ended session goes on",
        path=SESSIONS,
        old='    await collection(SESSIONS).delete_one({"_id": digest(request.cookies.get(COOKIE, ""))})\n',
        new="",
        notices="who copied the cookie stays logged in after the logout",
    ),
    _fault(
        name="members make themselves staff",
        path=ROUTES,
        old="CurrentPerson) -> Account:\n    _refuse_all_but_heads(person)\n",
        new="CurrentPerson) -> Account:\n",
        notices="a member became staff, and nobody of the staff did that",
    ),
    _fault(
        name="strangers wait for ever",
        path="frontend/components/frame.tsx",
        old="if (isStranger && router.isReady)",
        new="if (isStranger && !router.isReady)",
        notices="without a login every page goes on loading",
    ),
    _fault(
        name="a refused login says nothing",
        path="frontend/components/accounts/account-form.tsx",
        old="          {send.error?.message}\n",
        new="",
        notices="after a wrong password nothing seems to happen",
    ),
    _fault(
        name="logs out only in the browser",
        path="frontend/components/frame.tsx",
        old="      await accounts.logout();\n",
        new="",
        notices="who loads the page again is still logged in",
    ),
)
