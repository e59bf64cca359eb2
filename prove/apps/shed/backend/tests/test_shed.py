from fastapi.testclient import TestClient


def test_a_tool_is_kept(shed: TestClient) -> None:
    made = shed.post("/api/v1/tools", json={"name": "Drill", "depositCents": 1250})
    assert made.status_code == 201
    assert shed.get(f"/api/v1/tools/{made.json()['key']}").json()["depositCents"] == 1250


def test_nobody_comes_in_without_a_pin(shed: TestClient) -> None:
    shed.delete("/api/v1/session")
    assert shed.get("/api/v1/tools").status_code == 401
    assert shed.post("/api/v1/members", json={"name": "Bob", "pin": "12"}).status_code == 422
