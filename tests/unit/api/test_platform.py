import pytest
from starlette.requests import Request

from stackwright.api.platform import is_from_operator
from stackwright.core.settings import load_settings


def request(client: str | None, **headers: str) -> Request:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    address = None if client is None else (client, 1)
    return Request({"type": "http", "headers": sent, "client": address})


@pytest.mark.parametrize(
    ("asked", "is_told"),
    [
        (request("127.0.0.1"), True),
        (request("::1"), True),
        (request("192.168.1.7"), False),
        (request("127.0.0.1", x_forwarded_for="9.9.9.9"), False),
        (request("127.0.0.1", forwarded="for=9.9.9.9"), False),
        (request("nonsense"), False),
        (request(None), False),
    ],
)
def test_details_are_for_who_sits_at_the_machine(asked: Request, is_told: bool) -> None:
    assert is_from_operator(asked, load_settings().server) is is_told
    everybody = load_settings({"platform_details": "everybody"}).server
    assert is_from_operator(asked, everybody)
