"""The application under test: the real one, against the live MongoDB, in a database of its own."""

import os
import uuid
from collections.abc import Iterator

import pytest

os.environ["MONGODB_DB"] = f"test_{uuid.uuid4().hex[:12]}"
os.environ["SMTP_HOST"] = ""

from fastapi.testclient import TestClient
from pymongo import MongoClient

from main import app
from settings import settings

HEAD = {"name": "Head", "email": "head@example.com", "password": "correct horse battery"}


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """The browser of the first person of all, who may do everything."""
    with TestClient(app) as client:
        assert client.post("/api/account/register", json=HEAD).status_code == 201
        yield client
    with MongoClient(settings.mongodb_url) as mongo:
        mongo.drop_database(settings.mongodb_db)
