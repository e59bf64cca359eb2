from fastapi.testclient import TestClient


def test_a_ticket_is_kept(desk: TestClient) -> None:
    made = desk.post("/api/tickets", json={"subject": "Printer", "hours": 1.5})
    assert made.status_code == 201
    assert desk.get(f"/api/tickets/{made.json()['id']}").json()["hours"] == 1.5


def test_an_empty_subject_is_refused(desk: TestClient) -> None:
    assert desk.post("/api/tickets", json={"subject": " "}).status_code == 422
