import json
import logging
from pathlib import Path

from stackwright.engine.host.logs import LOOK_EVERY, BoundedHandler, JsonLines


def write(handler: logging.Handler, lines: int) -> None:
    for number in range(lines):
        handler.emit(logging.makeLogRecord({"msg": "refused", "number": number, "why": "x" * 50}))


def test_a_file_that_grows_long_is_begun_anew_and_the_old_one_kept(tmp_path: Path) -> None:
    with (tmp_path / "engine.log").open("a") as stream:
        handler = BoundedHandler(stream, longest_bytes=20_000)
        handler.setFormatter(JsonLines())
        write(handler, 5 * LOOK_EVERY + 1)
    assert (tmp_path / "engine.log").stat().st_size < 20_000
    old = [json.loads(line) for line in (tmp_path / "engine.log.old").read_text().splitlines()]
    new = [json.loads(line) for line in (tmp_path / "engine.log").read_text().splitlines()]
    numbers = [line["number"] for line in old + new]
    assert numbers == list(range(numbers[0], 5 * LOOK_EVERY + 1))
    assert len(numbers) > LOOK_EVERY


def test_a_file_that_is_not_appended_to_is_left_alone(tmp_path: Path) -> None:
    with (tmp_path / "engine.log").open("w") as stream:
        write(BoundedHandler(stream, longest_bytes=100), 2 * LOOK_EVERY)
    assert len((tmp_path / "engine.log").read_text().splitlines()) == 2 * LOOK_EVERY
