"""The people who use this application, and how each of them logs in.

An application without a login needs none. With one, name each kind of person:

    def member(app):
        app.api.post("/api/register", {"email": "ann@example.org", "password": "a long secret"})
        app.api.post("/api/login", {"email": "ann@example.org", "password": "a long secret"})

    ACTORS = {"member": Actor(member), "staff": Actor(staff)}

The last one is who may do most: the platform's general checks act as that person.
"""

from witness import Actor

ACTORS: dict[str, Actor] = {}
