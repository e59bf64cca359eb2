"""Three neighbours of the street. Who has joined before signs in."""

from witness import Actor


def neighbour(name, pin):
    def enter(app):
        app.api.post("/api/v1/members", {"name": name, "pin": pin})
        app.api.post("/api/v1/session", {"name": name, "pin": pin})

    return Actor(enter)


ACTORS = {
    "bob": neighbour("Bob", "2222"),
    "cleo": neighbour("Cleo", "3333"),
    "ann": neighbour("Ann", "1111"),
}
