import pytest
from fastapi.testclient import TestClient


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "https://shop.example", "http://testserver"]
)
def test_own_pages_may_send_something(client: TestClient, origin: str) -> None:
    headers = {"Origin": origin, "X-Forwarded-Host": "shop.example:8443"}
    assert client.post("/api/nothing-here", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example"]
)
def test_pages_of_other_sites_may_only_read(client: TestClient, origin: str) -> None:
    headers = {"Origin": origin}
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert client.request(method, "/api/nothing-here", headers=headers).status_code == 403
    assert client.get("/api/health", headers=headers).status_code == 200
