import asyncio

import pytest

from stackwright.engine.envd.uploads import Uploads


async def test_a_newer_upload_begins_when_the_older_one_of_the_same_file_has_ended() -> None:
    uploads, began, told = Uploads(), asyncio.Event(), list[str]()

    async def upload(name: str, path: str) -> None:
        try:
            async with uploads.alone(path):
                told.append(f"{name} begins")
                began.set()
                if name == "older":
                    await asyncio.Event().wait()
        finally:
            told.append(f"{name} ends")

    older = asyncio.create_task(upload("older", "/a"))
    await began.wait()
    await upload("other", "/b")
    await upload("newer", "/a")
    assert told == [
        *("older begins", "other begins", "other ends"),
        *("older ends", "newer begins", "newer ends"),
    ]
    with pytest.raises(asyncio.CancelledError):
        await older
    await upload("next", "/a")
    assert told[-2:] == ["next begins", "next ends"]
