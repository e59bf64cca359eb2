"""An API unlike the template's own: PUT, numbers as ids, plain lists, a reference whose name tells
nothing, a login, a resource without DELETE. FAULT seeds one mistake."""

import http.server
import json
import os
import re

FAULT = os.environ.get("FAULT", "")
STORE: dict[str, dict[int, dict]] = {"people": {}, "rooms": {}, "journal": {}, "secrets": {}}
PROTECTED = {"protected-writes": ("POST", "PUT", "DELETE"), "protected-deletes": ("DELETE",)}
"""Not faults: an API may want a login for them."""
REQUIRED = {"people": ["name"], "rooms": ["label", "responsible_id"], "journal": ["text"]}


def reference(name):
    return {"$ref": f"#/components/schemas/{name}"}


def body(name):
    return {"requestBody": {"content": {"application/json": {"schema": reference(name)}}}}


SCHEMA = {
    "openapi": "3.1.0",
    "paths": {
        "/people": {"get": {}, "post": body("Person")},
        "/people/{id}": {"get": {}, "put": body("Person"), "delete": {}},
        "/rooms": {"get": {}, "post": body("Room")},
        "/rooms/{room}": {"get": {}, "put": body("Room"), "delete": {}},
        "/journal": {"get": {}, "post": body("Entry")},
        "/journal/{id}": {"get": {}},
        "/secrets": {"get": {}, "post": body("Entry")},
        "/secrets/{id}": {"get": {}, "delete": {}},
        "/stats": {"get": {}},
    },
    "components": {
        "schemas": {
            "Person": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
            },
            "Room": {
                "type": "object",
                "required": ["label", "responsible_id"],
                "properties": {
                    "label": {"type": "string"},
                    "responsible_id": {"type": "string"},
                    "parent_id": {"type": "string"},
                },
            },
            "Entry": {
                "type": "object",
                "required": ["text"],
                "properties": {"text": {"type": "string"}},
            },
        }
    },
}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, value=None):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        if value is not None:
            self.wfile.write(json.dumps(value).encode())

    def sent(self):
        return json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")

    def do(self):
        value = self.sent()
        if self.path == "/openapi.json":
            return self.answer(200, SCHEMA)
        if self.path == "/stats":
            return self.answer(500 if FAULT == "stats" else 200, {"rooms": len(STORE["rooms"])})
        match = re.fullmatch(r"/(people|rooms|journal|secrets)(?:/([^/]+))?", self.path)
        if match is None:
            return self.answer(404, {})
        name, key = match.groups()
        if name == "secrets" or self.command in PROTECTED.get(FAULT, ()):
            return self.answer(401, {"detail": "log in"})
        return self.collection(name, value) if key is None else self.item(name, key, value)

    def known(self, name, value):
        title = {"people": "Person", "rooms": "Room"}.get(name, "Entry")
        fields = SCHEMA["components"]["schemas"][title]["properties"]
        return {field: value[field] for field in fields if field in value}

    def collection(self, name, value):
        if self.command == "GET":
            return self.answer(200, list(STORE[name].values()))
        missing = [field for field in REQUIRED[name] if field not in value]
        if missing and FAULT != "accepts-nothing":
            return self.answer(422, {"missing": missing})
        if name == "rooms":
            for field in ("responsible_id", "parent_id"):
                target = STORE["people" if field == "responsible_id" else "rooms"]
                if value.get(field) and str(value[field]) not in map(str, target):
                    return self.answer(400, {"unknown": field})
        value = self.known(name, value)
        number = max([0, *STORE[name]]) + 1
        STORE[name][number] = {"id": number, **value}
        return self.answer(201, {} if FAULT == "no-id" else STORE[name][number])

    def item(self, name, key, value):
        if not key.isdigit() and FAULT == "bad-id":
            return self.answer(500, {})
        record = STORE[name].get(int(key)) if key.isdigit() else None
        if record is None:
            return self.answer(404, {})
        if self.command == "PUT" and FAULT != "forgets":
            record.update(self.known(name, value))
        if self.command == "DELETE":
            if FAULT != "keeps":
                del STORE[name][int(key)]
            return self.answer(204)
        return self.answer(200, record)

    do_GET = do_POST = do_PUT = do_DELETE = do

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Handler).serve_forever()
