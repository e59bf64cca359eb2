"""A club's members and visits, written by hand in a style of its own; kept in memory."""

import uuid
from datetime import date, datetime
from enum import Enum
from typing import Literal, Optional

from fastapi import FastAPI, HTTPException, Query, Response
from pydantic import BaseModel, Field

app = FastAPI(openapi_url="/api/openapi.json")
members: dict[str, dict] = {}
visits: dict[str, dict] = {}


class Level(str, Enum):
    basic = "basic"
    gold = "gold"
    honorary = "honorary"


class MemberIn(BaseModel):
    fullName: str = Field(min_length=1, max_length=80)
    level: Level = Level.basic
    age: Optional[int] = Field(default=None, ge=0, le=120)
    fee: float = 10.0
    joinedOn: Optional[date] = None
    active: bool = True
    remarks: str = ""


class MemberOut(MemberIn):
    id: str


class VisitIn(BaseModel):
    memberId: str
    startedAt: datetime
    guests: int = Field(default=0, ge=0, le=5)


class VisitOut(VisitIn):
    id: str


def find(store, key):
    if key not in store:
        raise HTTPException(404, "not found")
    return store[key]


@app.get("/api/members", response_model=list[MemberOut])
def list_members(
    q: str = "",
    level: Optional[Level] = None,
    active: Optional[bool] = None,
    min_age: Optional[int] = None,
    sort: Literal["name", "fullName", "age", "joinedOn", "fee"] = "name",
    order: Literal["asc", "desc"] = "asc",
    skip: int = Query(0, ge=0),
    limit: int = Query(20, ge=1, le=100),
):
    rows = list(members.values())
    if q:
        rows = [r for r in rows if q.lower() in (r["fullName"] + r["remarks"]).lower()]
    if level is not None:
        rows = [r for r in rows if r["level"] == level]
    if active is not None:
        rows = [r for r in rows if r["active"] == active]
    if min_age is not None:
        rows = [r for r in rows if (r["age"] or 0) >= min_age]
    key = "fullName" if sort == "name" else sort
    rows.sort(
        key=lambda r: (r[key] is not None, r[key] if r[key] is not None else 0, r["id"]),
        reverse=order == "desc",
    )
    return rows[skip : skip + limit]


@app.post("/api/members", response_model=MemberOut, status_code=201)
def create_member(body: MemberIn):
    row = {"id": uuid.uuid4().hex, **body.model_dump()}
    members[row["id"]] = row
    return row


@app.get("/api/members/{member_id}", response_model=MemberOut)
def get_member(member_id: str):
    return find(members, member_id)


@app.put("/api/members/{member_id}", response_model=MemberOut)
def put_member(member_id: str, body: MemberIn):
    row = find(members, member_id)
    row.update(body.model_dump())
    return row


@app.delete("/api/members/{member_id}", status_code=204)
def delete_member(member_id: str):
    find(members, member_id)
    del members[member_id]
    for visit_id in [key for key, one in visits.items() if one["memberId"] == member_id]:
        del visits[visit_id]
    return Response(status_code=204)


@app.post("/api/members/{member_id}/renew", response_model=MemberOut)
def renew(member_id: str):
    row = find(members, member_id)
    row["active"] = True
    return row


@app.get("/api/visits", response_model=dict)
def list_visits(page: int = Query(1, ge=1)):
    rows = sorted(visits.values(), key=lambda r: r["id"])
    return {
        "visits": [
            VisitOut(**r).model_dump(mode="json") for r in rows[(page - 1) * 10 : page * 10]
        ],
        "total": len(rows),
    }


@app.post("/api/visits", response_model=VisitOut, status_code=201)
def create_visit(body: VisitIn):
    if body.memberId not in members:
        raise HTTPException(422, "no such member")
    row = {"id": uuid.uuid4().hex, **body.model_dump()}
    visits[row["id"]] = row
    return row


@app.get("/api/visits/{visit_id}", response_model=VisitOut)
def get_visit(visit_id: str):
    return find(visits, visit_id)


@app.delete("/api/visits/{visit_id}", status_code=204)
def delete_visit(visit_id: str):
    find(visits, visit_id)
    del visits[visit_id]
    return Response(status_code=204)


@app.get("/api/stats")
def stats():
    ages = [r["age"] for r in members.values() if r["age"] is not None]
    return {"members": len(members), "averageAge": sum(ages) / len(ages) if ages else None}
