from hashlib import sha256

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.run_records import Lease
from stackwright.runs.evidence import EvidenceStore, RunEvidence

LEASE = Lease(
    run_id=RunId("r"),
    project_id=ProjectId("todo"),
    user_id=UserId("ann"),
    token="t",
    attempt=1,
    last_seq=0,
)


class _Kept(EvidenceStore):
    """In memory, for one project."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    async def keep(self, run_id: RunId, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        self.contents[digest] = content
        return digest

    async def read(self, user_id: UserId, project_id: ProjectId, sha256: str) -> bytes | None:
        return self.contents.get(sha256)


async def test_pictures_and_recordings_have_addresses_below_their_run() -> None:
    evidence = RunEvidence(_Kept(), LEASE)
    png = await evidence.keep_picture(b"\x89PNG...", "/todos", 800, 600)
    assert (png.route, png.width, png.height) == ("/todos", 800, 600)
    assert png.url == f"/api/projects/todo/runs/r/screenshots/{png.sha256}.png"
    assert await evidence.read(png.sha256) == b"\x89PNG..."
    jpg = await evidence.keep_picture(b"\xff\xd8", "/", 1, 1)
    assert jpg.url.endswith(".jpg")
    replay = await evidence.keep_replay(b"[]")
    assert replay.startswith("/api/projects/todo/runs/r/replays/")
    assert replay.endswith(".json")
