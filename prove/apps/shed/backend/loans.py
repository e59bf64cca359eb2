"""Borrowing, returning and waiting, and what was taken as deposits."""

import datetime as dt
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field

from members import Me
from store import Db, Strict
from tools import Tool, get_tool, shown

router = APIRouter(tags=["loans"])


class LoanBody(Strict):
    days: int = Field(ge=1, le=28)


class Loan(BaseModel):
    key: str
    toolKey: str
    toolName: str
    lentOn: dt.date
    dueOn: dt.date
    returnedOn: dt.date | None
    depositCents: int


class LoanPage(BaseModel):
    items: list[Loan]
    total: int


class Month(BaseModel):
    month: str
    cents: int
    loans: int


class Takings(BaseModel):
    months: list[Month]
    totalCents: int


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def loan_of(document: dict[str, Any]) -> Loan:
    return Loan(**document, key=document["_id"])


@router.post("/tools/{toolKey}/loans", status_code=201)
async def borrow(toolKey: str, body: LoanBody, db: Db, me: Me) -> Loan:
    tool = await get_tool(db, toolKey)
    if tool["isRetired"]:
        raise HTTPException(409, "This tool is retired.")
    if tool["queue"] and tool["queue"][0] != me.key:
        raise HTTPException(409, "Somebody else is first in line for this tool.")
    loan: dict[str, Any] = {
        "_id": uuid.uuid4().hex,
        "toolKey": toolKey,
        "toolName": tool["name"],
        "memberKey": me.key,
        "lentOn": today().isoformat(),
        "dueOn": (today() + dt.timedelta(days=body.days)).isoformat(),
        "returnedOn": None,
        "depositCents": tool["depositCents"],
    }
    mark = {"loan": {"memberKey": me.key, "dueOn": loan["dueOn"]}}
    free = {"_id": toolKey, "loan": None, "isRetired": False}
    taken = await db.tools.update_one(free, {"$set": mark, "$pull": {"queue": me.key}})
    if not taken.modified_count:
        raise HTTPException(409, "This tool is out.")
    await db.loans.insert_one(loan)
    return loan_of(loan)


@router.post("/tools/{toolKey}/waiting", status_code=201)
async def wait_for(toolKey: str, db: Db, me: Me) -> Tool:
    tool = await get_tool(db, toolKey)
    if tool["loan"] is None and not tool["queue"]:
        raise HTTPException(409, "This tool is in: nobody has to wait for it.")
    if tool["loan"] and tool["loan"]["memberKey"] == me.key:
        raise HTTPException(409, "You have this tool.")
    await db.tools.update_one({"_id": toolKey}, {"$addToSet": {"queue": me.key}})
    return shown(await get_tool(db, toolKey), me)


@router.delete("/tools/{toolKey}/waiting", status_code=204)
async def wait_no_longer(toolKey: str, db: Db, me: Me) -> None:
    await get_tool(db, toolKey)
    await db.tools.update_one({"_id": toolKey}, {"$pull": {"queue": me.key}})


@router.get("/loans")
async def my_loans(
    db: Db,
    me: Me,
    isReturned: bool = False,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> LoanPage:
    wanted: dict[str, Any] = {
        "memberKey": me.key,
        "returnedOn": {"$ne": None} if isReturned else None,
    }
    found = db.loans.find(wanted).sort([("dueOn", 1), ("_id", 1)]).skip(offset).limit(limit)
    items = [loan_of(loan) async for loan in found]
    return LoanPage(items=items, total=await db.loans.count_documents(wanted))


@router.post("/loans/{loanKey}/return")
async def bring_back(loanKey: str, db: Db, me: Me) -> Loan:
    mine = {"_id": loanKey, "memberKey": me.key}
    loan = await db.loans.find_one(mine)
    if loan is None:
        raise HTTPException(404, "You have no such loan.")
    if loan["returnedOn"]:
        raise HTTPException(409, "This tool is back already.")
    await db.loans.update_one(mine, {"$set": {"returnedOn": today().isoformat()}})
    await db.tools.update_one({"_id": loan["toolKey"]}, {"$set": {"loan": None}})
    return loan_of(await db.loans.find_one(mine))


@router.get("/takings")
async def takings(db: Db, me: Me) -> Takings:
    """The deposits of all loans by the month in which they began, the first month first."""
    months: dict[str, Month] = {}
    async for loan in db.loans.find({}, {"lentOn": 1, "depositCents": 1}):
        name = loan["lentOn"][:7]
        month = months.setdefault(name, Month(month=name, cents=0, loans=0))
        month.cents += loan["depositCents"]
        month.loans += 1
    ordered = [months[name] for name in sorted(months)]
    return Takings(months=ordered, totalCents=sum(month.cents for month in ordered))
