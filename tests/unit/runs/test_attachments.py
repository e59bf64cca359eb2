import io
from functools import partial

import pytest
from aiohttp import web
from PIL import Image

from stackwright.core.errors import BadInput
from stackwright.core.ids import ProjectId, RunId
from stackwright.runs.attachments import GivenAttachment, checked, clean_name
from stackwright.tools.web.guard import Guard


def png(width: int = 8, height: int = 8) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "PNG")
    return out.getvalue()


async def test_pictures_and_texts_are_taken_as_models_read_them() -> None:
    given = [
        GivenAttachment("mock-up.png", png(3000, 300)),
        GivenAttachment("notes.md", "\ufeffBlau, größer".encode()),
    ]
    picture, text = await checked(given)
    assert (picture.media_type, picture.width, picture.height) == ("image/png", 1568, 157)
    assert (text.media_type, text.content.decode()) == ("text/plain", "Blau, größer")
    stored = picture.stored(ProjectId("p"), RunId("r"))
    assert stored.url == f"/api/projects/p/runs/r/screenshots/{picture.sha256}.png"
    assert text.stored(ProjectId("p"), RunId("r")).url is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\0\x01\x02binary", "neither a picture .* nor text"),
        (b"\xff\xfe\x00a", "neither a picture .* nor text"),
        (b"a" * 100_001, "has 100 kB; text files may have 100 kB"),
        (b"<svg onload='alert(1)'/>", "SVG, which may hold scripts"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "HEIC"),
        (png()[:50], "is broken"),
        (b"\x89PNG" + b"x" * 50_000_000, "too much: the attachments of a message may have 10 MB"),
    ],
)
async def test_anything_else_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence) as refused:
        await checked([GivenAttachment("a.bin", content)])
    assert str(refused.value).startswith("a.bin ")


async def test_number_and_sum_are_bounded() -> None:
    with pytest.raises(BadInput, match="may have 5 attachments; this one has 6"):
        await checked([GivenAttachment("a.txt", b"a")] * 6)
    noise = io.BytesIO()
    Image.effect_noise((2600, 2600), 99).save(noise, "PNG")
    assert len(noise.getvalue()) > 5_000_000
    with pytest.raises(BadInput, match=r"b\.png is too much"):
        await checked([GivenAttachment(name, noise.getvalue()) for name in ("a.png", "b.png")])


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (GivenAttachment("../../etc/passwd"), "passwd"),
        (GivenAttachment("C:\\docs\\a.png"), "a.png"),
        (GivenAttachment("a\nb\u202egnp.exe"), "abgnp.exe"),
        (GivenAttachment("x" * 500 + ".png"), "x" * 116 + ".png"),
        (GivenAttachment("", url="https://example.org/pics/my%20shot.png?x=1"), "my shot.png"),
        (GivenAttachment("", url="https://example.org/"), "attachment"),
    ],
)
def test_a_name_is_one_short_line_without_a_folder(given: GivenAttachment, name: str) -> None:
    assert clean_name(given) == name


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.png",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "http://[::1]/",
    ],
)
async def test_private_addresses_are_not_fetched(url: str) -> None:
    with pytest.raises(BadInput, match="is not fetched"):
        await checked([GivenAttachment("", url=url)])


async def test_a_public_picture_is_fetched(unused_tcp_port: int) -> None:
    async def picture(request: web.Request) -> web.Response:
        if request.path == "/gone.png":
            raise web.HTTPNotFound
        return web.Response(body=png(), content_type="text/html")

    app = web.Application()
    app.router.add_get("/{name}", picture)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    fetch = partial(checked, guard=Guard(lambda _: True, frozenset({unused_tcp_port})))
    base = f"http://127.0.0.1:{unused_tcp_port}"
    (made,) = await fetch([GivenAttachment("", url=f"{base}/a.png")])
    assert (made.name, made.media_type) == ("a.png", "image/png")
    with pytest.raises(BadInput, match="answers HTTP 404"):
        await fetch([GivenAttachment("", url=f"{base}/gone.png")])
    await runner.cleanup()
    with pytest.raises(BadInput, match="cannot be fetched"):
        await fetch([GivenAttachment("", url=f"{base}/a.png")])
