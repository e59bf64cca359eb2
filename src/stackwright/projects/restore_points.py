"""Versions of a project's files: one after each run, and one for each return to an earlier one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from stackwright.core.errors import Conflict, FileNotInWorkspace
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.core.wishes import WishList
from stackwright.db.engine import Database, Transaction, within
from stackwright.db.file_contents import FileContentRepository
from stackwright.db.files import FileRepository, blob_sizes
from stackwright.db.last_proofs import LastProof, LastProofRepository
from stackwright.db.projects import ProjectRepository
from stackwright.db.restore_points import RestorePointRecord, RestorePointRepository
from stackwright.db.runs import RunRepository
from stackwright.db.wishes import WishRepository
from stackwright.projects.portions import portions

MAX_TITLE_CHARS = 200
MAX_COMPARED_BYTES = 50_000_000
FIRST_VERSION = 1
"""Version of the files with which a new project's first sandbox comes."""


class RestorePoints:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, *, title: str, status: str
    ) -> RestorePointRecord:
        """Make a version of the workspace as it is now. Called again for the same run and files, it returns the
        version made before."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id, lock=True)
            points = RestorePointRepository(transaction)
            files = await FileRepository(transaction).list_of(user_id, project_id)
            manifest = {path: file.sha256 for path, file in files.items() if file.sha256}
            made = await points.find_of_run(user_id, project_id, run_id)
            if made is not None:
                if manifest == await points.get_manifest(user_id, project_id, made.version):
                    return made
                await points.release(user_id, project_id, made.version)
            return await points.add(
                user_id,
                project_id,
                manifest=manifest,
                wishes=_stored(await WishRepository(transaction).find(user_id, project_id)),
                title=" ".join(title.split())[:MAX_TITLE_CHARS],
                status=status,
                run_id=run_id,
            )

    async def is_due(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> bool:
        """Whether a run that others worked on before changed files: they differ from the version
        before it, or from what the project began with."""
        async with self._database.transaction() as transaction:
            points = RestorePointRepository(transaction)
            newest = await points.list_of(user_id, project_id, limit=1)
            contents = FileContentRepository(within(transaction))
            _, files = await contents.look(user_id, project_id)
            if not newest:
                return any(file.version > FIRST_VERSION for file in files.values())
            if newest[0].run_id == run_id:
                return True
            before = await points.get_manifest(user_id, project_id, newest[0].version)
            return before != {path: file.sha256 for path, file in files.items() if file.sha256}

    async def find_before(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId
    ) -> RestorePointRecord | None:
        """The newest version that this run did not make."""
        async with self._database.transaction() as transaction:
            points = RestorePointRepository(transaction)
            newest = await points.list_of(user_id, project_id, limit=2)
        return next((point for point in newest if point.run_id != run_id), None)

    async def find_verified(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId
    ) -> RestorePointRecord | None:
        """The newest verified version that this run did not make."""
        async with self._database.transaction() as transaction:
            found = await RestorePointRepository(transaction).list_of(
                user_id, project_id, limit=1, status="verified", not_of=run_id
            )
        return found[0] if found else None

    async def compared(
        self,
        user_id: UserId,
        project_id: ProjectId,
        version: int,
        is_wanted: Callable[[str], bool],
    ) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """Contents of the wanted files in that version, and now; both empty if all are the same. Of more than
        MAX_COMPARED_BYTES on a side only the first are there, in order of path."""
        async with self._database.transaction() as transaction:
            points = RestorePointRepository(transaction)
            contents = FileContentRepository(within(transaction))
            manifest = await points.get_manifest(user_id, project_id, version)
            _, files = await contents.look(user_id, project_id)
            before = {path: digest for path, digest in manifest.items() if is_wanted(path)}
            now = {p: f.sha256 for p, f in files.items() if f.sha256 and is_wanted(p)}
            if before == now:
                return {}, {}
            sizes = await blob_sizes(transaction, {*before.values(), *now.values()})
            return (
                await points.read_files(user_id, project_id, version, _first(before, sizes)),
                await contents.read_many(user_id, project_id, _first(now, sizes)),
            )

    async def list_of(
        self,
        user_id: UserId,
        project_id: ProjectId,
        *,
        limit: int = 50,
        before: int | None = None,
    ) -> Sequence[RestorePointRecord]:
        """Newest first; `before` is the last version seen."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            return await RestorePointRepository(transaction).list_of(
                user_id, project_id, limit=limit, before=before
            )

    async def restore(
        self, user_id: UserId, project_id: ProjectId, version: int
    ) -> RestorePointRecord:
        """Bring the files and the wishes of `version` back, as a new version; nothing is lost.

        The durable copy changes; a live sandbox follows at its next `lay_out`. Raises
        VersionNotFound, and Conflict while a run works on the project."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id, lock=True)
            current = await RunRepository(transaction).find_current(user_id, project_id)
            if current is not None and current.status == "running":
                raise Conflict("A run is working on this project; cancel it or wait for its end.")
            points = RestorePointRepository(transaction)
            former = await points.get(user_id, project_id, version)
            await _keep_hand_edits(transaction, user_id, project_id)
            manifest, wishes = await points.get_contents(user_id, project_id, version)
            await FileRepository(transaction).replace_all(user_id, project_id, manifest)
            wishes = await self._bring_back(transaction, user_id, project_id, wishes)
            return await points.add(
                user_id,
                project_id,
                manifest=manifest,
                wishes=wishes,
                title=f"Back to version {version}: {former.title}"[:MAX_TITLE_CHARS],
                status=former.status,
                restored_from=version,
            )

    async def star(
        self, user_id: UserId, project_id: ProjectId, version: int, *, is_starred: bool
    ) -> RestorePointRecord:
        """Raises VersionNotFound."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            points = RestorePointRepository(transaction)
            await points.star(user_id, project_id, version, is_starred=is_starred)
            return await points.get(user_id, project_id, version)

    async def proofs(
        self, user_id: UserId, points: Sequence[RestorePointRecord]
    ) -> dict[str, LastProof]:
        """What the proofs of the versions' runs said, by run."""
        runs = [point.run_id for point in points if point.run_id is not None]
        return await LastProofRepository(self._database.fetch).of_runs(user_id, runs)

    async def manifest(
        self, user_id: UserId, project_id: ProjectId, version: int
    ) -> dict[str, str]:
        """Digests of a version's files by path. Raises VersionNotFound."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            points = RestorePointRepository(transaction)
            return await points.get_manifest(user_id, project_id, version)

    async def sizes(
        self, user_id: UserId, project_id: ProjectId, version: int, paths: Collection[str]
    ) -> dict[str, int]:
        """Bytes of those files that the version has. Raises VersionNotFound."""
        async with self._database.transaction() as transaction:
            points = RestorePointRepository(transaction)
            manifest = await points.get_manifest(user_id, project_id, version)
            digests = {path: manifest[path] for path in paths if path in manifest}
            known = await blob_sizes(transaction, digests.values())
        return {path: known[digest] for path, digest in digests.items()}

    async def read_files(
        self, user_id: UserId, project_id: ProjectId, version: int, paths: Collection[str]
    ) -> dict[str, bytes]:
        """The bytes of those files that the version has. Raises VersionNotFound."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            points = RestorePointRepository(transaction)
            return await points.read_files(user_id, project_id, version, paths)

    async def read_file(
        self, user_id: UserId, project_id: ProjectId, version: int, path: str
    ) -> bytes:
        """Raises VersionNotFound, FileNotInWorkspace."""
        found = await self.read_files(user_id, project_id, version, [path])
        if path not in found:
            raise FileNotInWorkspace(path)
        return found[path]

    @staticmethod
    async def _bring_back(
        transaction: Transaction,
        user_id: UserId,
        project_id: ProjectId,
        stored: dict[str, Any] | None,
    ) -> dict[str, Any] | None:
        """Store the wishes of a version as the project's, and return them. Numbers that were given since are
        not given again."""
        rows = WishRepository(transaction)
        present = await rows.lock(user_id, project_id)
        if stored is None:
            return _stored(present)
        former = WishList.model_validate(stored)
        number = max(former.next_number, present.next_number)
        brought = former.model_copy(update={"next_number": number})
        await rows.save(user_id, project_id, brought)
        return _stored(brought)


def _first(digests: Mapping[str, str], sizes: Mapping[str, int]) -> list[str]:
    """The first paths, in order, whose contents are not too much to be held in memory."""
    in_order = {path: sizes.get(digests[path], 0) for path in sorted(digests)}
    return next(iter(portions(in_order, max_bytes=MAX_COMPARED_BYTES)), list[str]())


async def _keep_hand_edits(
    transaction: Transaction, user_id: UserId, project_id: ProjectId
) -> None:
    """Make a version of the files and wishes that a person changed since the last one: they would be lost."""
    points = RestorePointRepository(transaction)
    newest = await points.list_of(user_id, project_id, limit=1)
    files = await FileRepository(transaction).list_of(user_id, project_id)
    manifest = {path: file.sha256 for path, file in files.items() if file.sha256}
    if not newest:
        return
    kept, stored = await points.get_contents(user_id, project_id, newest[0].version)
    wishes = await WishRepository(transaction).find(user_id, project_id)
    is_same = _texts(wishes) == _texts(WishList.model_validate(stored or {}))
    if manifest == kept and is_same:
        return
    await points.add(
        user_id,
        project_id,
        manifest=manifest,
        wishes=_stored(wishes),
        title="Changed by hand",
        status="unverified",
    )


def _texts(wishes: WishList) -> dict[str, str]:
    """What was asked for, by id. What was seen of it since is no change of anybody's."""
    return {wish.id: wish.text for wish in wishes.wishes}


def _stored(wishes: WishList) -> dict[str, Any]:
    return wishes.model_dump(mode="json")
