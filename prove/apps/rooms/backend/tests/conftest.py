import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

os.environ.setdefault("MONGODB_DB", f"test_{uuid4().hex[:12]}")

from fastapi.testclient import TestClient
from pymongo import MongoClient

import main


@pytest.fixture
def house() -> Iterator[TestClient]:
    with TestClient(main.app) as client:
        yield client
    with MongoClient(main.ADDRESS) as mongo:
        mongo.drop_database(main.DATABASE)
