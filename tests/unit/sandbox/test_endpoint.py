from stackwright.sandbox.endpoint import Endpoint


def test_what_is_not_given_is_left_to_the_sdk() -> None:
    assert Endpoint("key").options() == {"api_key": "key"}
    given = Endpoint("key", api_url="http://a", sandbox_url="http://b", domain="c.example")
    assert given.options() == {
        "api_key": "key",
        "api_url": "http://a",
        "sandbox_url": "http://b",
        "domain": "c.example",
    }
