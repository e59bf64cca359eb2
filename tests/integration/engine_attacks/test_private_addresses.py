"""A program tries to reach the host and private networks, in every notation there is."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from e2b import AsyncSandbox

from fixtures.attack import attack, descriptors
from fixtures.engine_process import EngineProcess, running_engine
from stackwright.engine.config import PACKAGE_REGISTRIES

ALLOWED = PACKAGE_REGISTRIES[-1]
"""A host that sandboxes may reach."""

LOOPBACK = (
    *("127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "0", "0.0.0.0", "0x7f000001"),
    *("0x7f.0.0.1", "0177.0.0.1", "017700000001", "2130706433", "127.0.0.1.", "localhost"),
    *("LOCALHOST", "localhost.", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]"),
    *("[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]"),
    *("[2002:7f00:1::]", "[2001:0:7f00:1::]", "::1"),
)
PRIVATE = (
    *("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("100.64.0.1", "100.127.255.255", "169.254.169.254", "0xa9fea9fe", "2852039166"),
    *("198.18.0.1", "224.0.0.1", "255.255.255.255", "[fe80::1]", "[fe80::1%lo]", "[fd00::1]"),
    *("[fd00:ec2::254]", "[ff02::1]", "[::ffff:10.0.0.1]", "[::ffff:a9fe:a9fe]"),
    "[64:ff9b::a9fe:a9fe]",
)
_CONNECT = """
def asked(head):
    with socket.create_connection(("127.0.0.1", 3128), 20) as proxy:
        proxy.sendall(head.encode("utf-8", "surrogateescape"))
        line = proxy.makefile("rb").readline().decode(errors="replace").split()
    return line[1] if len(line) > 1 else "closed"
"""


async def answers(sandbox: AsyncSandbox, heads: list[str]) -> dict[str, Any]:
    """The proxy's status for each request head."""
    program = f"{_CONNECT}\ntell({{head: tried('ask', asked, head) for head in {heads!r}}})"
    return await attack(sandbox, program)


@pytest.fixture
def visits() -> Iterator[tuple[int, list[str]]]:
    """The port of a server on all addresses of the host, and what it was asked."""
    with _server(lambda _: (200, {})) as found:
        yield found


@contextmanager
def _server(answer: Any) -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, headers = answer(self.path)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("0.0.0.0", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, asked
        server.shutdown()
        thread.join()


async def test_no_notation_of_a_private_address_passes_the_proxy(sandbox: AsyncSandbox) -> None:
    own = (socket.gethostname(), socket.gethostbyname(socket.gethostname()))
    heads = [f"CONNECT {host}:443 HTTP/1.1\r\n\r\n" for host in (*LOOPBACK, *PRIVATE, *own)]
    found = await answers(sandbox, heads)
    assert {head: status for head, status in found.items() if status != "403"} == {}


async def test_no_port_but_https_is_allowed(
    sandbox: AsyncSandbox, visits: tuple[int, list[str]]
) -> None:
    port, asked = visits
    heads = [f"CONNECT {host}:{port} HTTP/1.1\r\n\r\n" for host in LOOPBACK]
    heads += [f"CONNECT 127.0.0.1:{odd} HTTP/1.1\r\n\r\n" for odd in (22, 25, 80, 0, 65536, 6379)]
    found = await answers(sandbox, heads)
    assert {head: status for head, status in found.items() if status not in ("403", "400")} == {}
    assert asked == []


async def test_no_trick_with_the_request_passes(
    sandbox: AsyncSandbox, visits: tuple[int, list[str]]
) -> None:
    port, asked = visits
    targets = (
        *(f"{ALLOWED}@127.0.0.1:{port}", f"127.0.0.1:{port}#.{ALLOWED}:443"),
        *(f"127.0.0.1:443:{port}", f"127.0.0.1:{port}\\@{ALLOWED}:443", "127.0.0.1"),
        *(
            f"127.0.0.1:-{port}",
            f"127.0.0.1:+{port}",
            "127.0.0.1:\uff14\uff14\uff13",
            f"127.0.0.1:{port} :443",
        ),
        *(f"127.0.0.1%00.{ALLOWED}:443", f"127.0.0.1\0.{ALLOWED}:443"),
        *(f"[::1]:{port}", "[::1:443", f"{'a' * 300}.com:443", f"{'a.' * 200}com:443", ":443", ":"),
        "xn--\udcff.com:443",
    )
    heads = [f"CONNECT {target} HTTP/1.1\r\nHost: {ALLOWED}\r\n\r\n" for target in targets]
    for method in ("GET", "POST", "HEAD", "OPTIONS"):
        heads.append(
            f"{method} http://127.0.0.1:{port}/{method} HTTP/1.1\r\nHost: {ALLOWED}\r\n\r\n"
        )
        heads.append(f"{method} /{method} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")
    found = await answers(sandbox, heads)
    assert {head: s for head, s in found.items() if s not in ("403", "400", "502", "closed")} == {}
    assert asked == []


async def test_a_request_behind_a_request_goes_nowhere_else(
    sandbox: AsyncSandbox, visits: tuple[int, list[str]]
) -> None:
    """Where the first one is let through, the second is a part of what its host gets."""
    port, asked = visits
    first = f"CONNECT {ALLOWED}:443 HTTP/1.1\r\nContent-Length: 9\r\n\r\n"
    second = f"GET http://127.0.0.1:{port}/ HTTP/1.1\r\n\r\n"
    assert len(await answers(sandbox, [first + second])) == 1
    assert asked == []


async def test_there_is_no_way_but_the_proxy(
    sandbox: AsyncSandbox, visits: tuple[int, list[str]]
) -> None:
    port, asked = visits
    own = socket.gethostbyname(socket.gethostname())
    found = await attack(
        sandbox,
        f"""
def reached(family, kind, address):
    with socket.socket(family, kind) as door:
        door.settimeout(3)
        door.connect(address)
        return "reached"
found = {{}}
for host in ("127.0.0.1", {own!r}, "10.0.0.1", "169.254.169.254", "8.8.8.8"):
    found[host] = tried("tcp", reached, socket.AF_INET, socket.SOCK_STREAM, (host, {port}))
found["udp"] = tried("udp", reached, socket.AF_INET, socket.SOCK_DGRAM, ("8.8.8.8", 53))
found["::1"] = tried("tcp", reached, socket.AF_INET6, socket.SOCK_STREAM, ("::1", {port}))
found["raw"] = tried("raw", socket.socket, socket.AF_INET, socket.SOCK_RAW, 1)
found["packet"] = tried("packet", socket.socket, 17, socket.SOCK_RAW, 0)
found["name"] = tried("name", socket.gethostbyname, {ALLOWED!r})
found["vsock"] = tried("vsock", reached, 40, socket.SOCK_STREAM, (2, {port}))
found["interfaces"] = [name for _, name in socket.if_nameindex()]
tell(found)
""",
    )
    assert found.pop("interfaces") == ["lo"]
    assert "reached" not in found.values()
    assert found["raw"] == "EPERM"
    assert found["packet"] == found["vsock"] == "EAFNOSUPPORT"
    assert asked == []


async def test_a_redirect_leads_no_further_than_what_it_names(
    tmp_path: Path, visits: tuple[int, list[str]]
) -> None:
    """A service that the operator opened sends its caller on to another one of the host."""
    port, asked = visits
    with _server(lambda _: (302, {"Location": f"http://127.0.0.1:{port}/secret"})) as (door, _):
        config: dict[str, object] = {"egress_private": [f"127.0.0.1:{door}"]}
        with running_engine(tmp_path / "data", **config) as engine:
            box = await AsyncSandbox.create("base", **engine.options)
            fetch = "curl -sS -L -p -m 10 -o /dev/null -w '%{http_code}' --noproxy '' -x http://127.0.0.1:3128"
            done = await box.commands.run(f"{fetch} http://127.0.0.1:{door}/ 2>&1 || true")
            await box.kill()
    assert "403" in done.stdout
    assert asked == []


async def test_one_sandbox_cannot_take_all_ways_out(
    engine: EngineProcess, sandbox: AsyncSandbox, neighbour: AsyncSandbox
) -> None:
    """It opens as many connections as it can, and has many names looked up."""
    held = await attack(
        sandbox,
        """
held = []
for number in range(600):
    held.append(socket.create_connection(("127.0.0.1", 3128), 20))
    held[-1].sendall(b"CONNECT %d.example.invalid:443 HTTP/1.1\\r\\n" % number)
    if number < 50:
        held[-1].sendall(b"\\r\\n")
tell(len(held))
""",
    )
    assert held == 600
    found = await answers(neighbour, ["CONNECT localhost:443 HTTP/1.1\r\n\r\n"])
    assert set(found.values()) == {"403"}
    assert descriptors(engine.process.pid) < 1000


async def test_asking_for_a_way_out_as_fast_as_possible_costs_the_others_little(
    engine: EngineProcess, sandbox: AsyncSandbox, neighbour: AsyncSandbox
) -> None:
    """Each answer is work for the engine and could be a line in its log."""
    answered, seconds = await attack(
        sandbox,
        """
import threading
answered, until = [], time.monotonic() + 4
def ask():
    while time.monotonic() < until:
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(5)
            if tried("connect", door.connect, "/run/engine/egress.sock") is None:
                door.sendall(b"CONNECT " + b"x" * 60000 + b":443 HTTP/1.1\\r\\n\\r\\n")
                answered.append(tried("answer", door.recv, 99))
        with socket.create_connection(("127.0.0.1", 3128), 5) as proxy:
            proxy.sendall(b"CONNECT nowhere.example:22 HTTP/1.1\\r\\n\\r\\n")
            answered.append(tried("answer", proxy.recv, 99))
began = time.monotonic()
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
tell([len(answered), time.monotonic() - began])
""",
    )
    assert 50 < answered < 110 * (seconds + 1)
    assert (await neighbour.commands.run("echo fine")).stdout == "fine\n"
    log = engine.data_dir.with_suffix(".log").read_text().splitlines()
    told = [line for line in log if "egress_refused" in line and sandbox.sandbox_id in line]
    assert 0 < len(told) <= 40
    assert max(map(len, log)) < 10_000
