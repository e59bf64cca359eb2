import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

os.environ.setdefault("MONGODB_DB", f"test_{uuid4().hex[:12]}")

from fastapi.testclient import TestClient

from main import app
from store import db, mongo


@pytest.fixture
def desk() -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client
    mongo.drop_database(db.name)
