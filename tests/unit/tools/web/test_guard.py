import pytest
from yarl import URL

from stackwright.tools.web.guard import Guard, RequestRefused, is_public

PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001:db8::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_counts_as_public_in_any_form(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1"]
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *(f"http://[{a}]/" for a in PRIVATE if ":" in a and "%" not in a),
        *(f"http://{a}/" for a in PRIVATE if ":" not in a),
        "http://[fe80::1%25eth0]/",
        "http://0/",
        "http://127.1/",
        "http://0177.0.0.1/",
        "http://0x7f.0.0.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://127.0.0.1./",
        "http://127。0。0。1/",
        "http://①②⑦.⓪.⓪.①/",
        "http://user@example.com/",
        "http://1.1.1.1@127.0.0.1/",
        "http://example.com:22/",
        "http://example.com:8000/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "//example.com/",
        "/etc/passwd",
        "",
    ],
)
def test_an_address_that_may_not_be_asked_is_refused_before_any_lookup(url: str) -> None:
    with pytest.raises(RequestRefused):
        Guard().check(URL(url))


@pytest.mark.parametrize("url", ["https://example.com/a?b=c", "http://1.1.1.1/"])
def test_public_addresses_pass(url: str) -> None:
    Guard().check(URL(url))
