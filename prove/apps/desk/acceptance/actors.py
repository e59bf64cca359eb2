"""The people of the help desk: anybody, and two who signed in."""

from witness import Actor


def ann(app):
    app.api.post("/api/session", {"name": "Ann", "passphrase": "a long secret"})


def bob(app):
    app.api.post("/api/session", {"name": "Bob", "passphrase": "another secret"})


ACTORS = {"ann": Actor(ann), "bob": Actor(bob)}
