from fastapi.testclient import TestClient


def test_a_room_is_kept(house: TestClient) -> None:
    made = house.post("/api/rooms", json={"name": "Blue", "seats": 8})
    assert made.status_code == 201
    assert house.get(f"/api/rooms/{made.json()['id']}").json()["seats"] == 8


def test_a_booking_needs_a_room(house: TestClient) -> None:
    body = {"room_id": "x", "title": "T", "person": "P", "day": "2031-01-01", "hour": 9, "hours": 1}
    assert house.post("/api/bookings", json=body).status_code == 422
