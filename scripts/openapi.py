"""Writes the platform's OpenAPI description to standard output."""

import json
import sys

from fastapi import FastAPI

from stackwright.api.app import ROUTERS

app = FastAPI(title="Stackwright")
for router in ROUTERS:
    app.include_router(router)
sys.stdout.write(json.dumps(app.openapi(), sort_keys=True))
