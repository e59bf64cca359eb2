"""The tool shed of a street: who keeps which tool, until when, and who waits for it."""

from fastapi import FastAPI

import loans
import members
import tools
from store import Db, life

app = FastAPI(title="Tool shed", lifespan=life, openapi_url="/api/openapi.json", docs_url=None)
for part in (members, tools, loans):
    app.include_router(part.router, prefix="/api/v1")


@app.get("/api/health")
async def health(db: Db) -> dict[str, str]:
    await db.command("ping")
    return {"status": "ok"}
