from fastapi.testclient import TestClient


def test_the_application_is_healthy(client: TestClient) -> None:
    assert client.get("/api/health").json() == {"status": "ok"}


def test_an_unknown_address_is_answered_with_a_problem(client: TestClient) -> None:
    response = client.get("/api/nothing-here")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
