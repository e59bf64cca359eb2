"""The database: plain pymongo, one client for the whole process."""

import os

from pymongo import MongoClient

mongo: MongoClient = MongoClient(
    os.environ.get("MONGODB_URL") or "mongodb://127.0.0.1:27017",
    tz_aware=True,
    serverSelectionTimeoutMS=3000,
)
db = mongo[os.environ.get("MONGODB_DB") or "app"]
