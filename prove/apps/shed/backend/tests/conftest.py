import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

os.environ.setdefault("MONGODB_DB", f"test_{uuid4().hex[:12]}")

from fastapi.testclient import TestClient
from pymongo import MongoClient

import store
from main import app


@pytest.fixture
def shed() -> Iterator[TestClient]:
    """The API, as Ann sees it."""
    with TestClient(app) as client:
        client.post("/api/v1/members", json={"name": "Ann", "pin": "1234"})
        yield client
    with MongoClient(store.ADDRESS) as mongo:
        mongo.drop_database(store.DATABASE)
