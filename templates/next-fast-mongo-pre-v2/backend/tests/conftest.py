"""The application under test: the real one, against the live MongoDB, in a database of its own."""

import os
import uuid
from collections.abc import Iterator

import pytest

os.environ["MONGODB_DB"] = f"test_{uuid.uuid4().hex[:12]}"

from fastapi.testclient import TestClient
from pymongo import MongoClient

from main import app
from settings import settings


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client
    with MongoClient(settings.mongodb_url) as mongo:
        mongo.drop_database(settings.mongodb_db)
