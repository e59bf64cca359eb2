"""What the gate saw, pictures and recordings, for those who may see the run."""

from stackwright.core.events import Screenshot
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.core.postgres import patiently
from stackwright.db.engine import Database
from stackwright.db.evidence import EvidenceRepository
from stackwright.db.run_records import Lease


class EvidenceStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, run_id: RunId, content: bytes) -> str:
        """Store a picture or a recording of a run under way and return its digest."""
        async with self._database.transaction() as transaction:
            return await EvidenceRepository(transaction).add(run_id, content)

    async def read(self, user_id: UserId, project_id: ProjectId, sha256: str) -> bytes | None:
        """What any run of the project kept."""
        async with self._database.transaction() as transaction:
            rows = EvidenceRepository(transaction)
            return await rows.find_in_project(user_id, project_id, sha256)

    async def find(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, sha256: str
    ) -> bytes | None:
        async with self._database.transaction() as transaction:
            return await EvidenceRepository(transaction).find(user_id, project_id, run_id, sha256)


class RunEvidence:
    """What one run keeps, and what it may see of earlier runs. While the database is away, it waits."""

    def __init__(self, store: EvidenceStore, lease: Lease) -> None:
        self._store = store
        self._lease = lease

    async def read(self, sha256: str) -> bytes | None:
        """A picture that this run or an earlier one of the project kept."""
        lease = self._lease
        return await patiently(lambda: self._store.read(lease.user_id, lease.project_id, sha256))

    async def keep_picture(self, picture: bytes, route: str, width: int, height: int) -> Screenshot:
        """`route` is the page that the picture shows; sizes are in pixels."""
        ending = "png" if picture.startswith(b"\x89PNG") else "jpg"
        digest, url = await self._keep(picture, "screenshots", ending)
        return Screenshot(route=route, url=url, sha256=digest, width=width, height=height)

    async def keep_replay(self, recording: bytes) -> str:
        """The address of the recording."""
        _, url = await self._keep(recording, "replays", "json")
        return url

    async def _keep(self, content: bytes, folder: str, ending: str) -> tuple[str, str]:
        """The digest, and where it can be fetched."""
        lease = self._lease
        digest = await patiently(lambda: self._store.keep(lease.run_id, content))
        run = f"/api/projects/{lease.project_id}/runs/{lease.run_id}"
        return digest, f"{run}/{folder}/{digest}.{ending}"
