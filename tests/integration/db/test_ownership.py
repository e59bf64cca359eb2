"""Every repository method is called as a stranger; a method that is not listed here fails."""

import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from stackwright import db
from stackwright.core.errors import PlatformError
from stackwright.core.ids import ProjectId, RunId, SandboxId, UserId, new_id
from stackwright.core.plans import Plan, PlannedWish, StoredPlan
from stackwright.core.wishes import WishList, WitnessBelief
from stackwright.db.costs import CostRepository
from stackwright.db.engine import Database, Transaction, within
from stackwright.db.evidence import EvidenceRepository
from stackwright.db.file_contents import FileContentRepository
from stackwright.db.files import FileRepository
from stackwright.db.idempotency import IdempotencyRepository
from stackwright.db.jobs import JobRepository, WorkerJobRepository
from stackwright.db.last_proofs import LastProofRepository
from stackwright.db.messages import MessageRepository
from stackwright.db.notifications import RunNotifications
from stackwright.db.plans import PlanRepository
from stackwright.db.projects import ProjectRepository
from stackwright.db.purses import Amount, PurseRepository
from stackwright.db.restore_points import RestorePointRepository
from stackwright.db.run_events import Batch, NewEvent, RunEventRepository
from stackwright.db.run_records import Lease, LeaseLost, RunRecord, RunSummary, RunTotals
from stackwright.db.run_turns import RunTurnRepository
from stackwright.db.runs import RunRepository
from stackwright.db.sandboxes import SandboxRepository
from stackwright.db.submission import NewRun, SubmissionRepository, WorkerOffer
from stackwright.db.thoughts import ThoughtRepository
from stackwright.db.tool_executions import ToolExecutionRepository
from stackwright.db.users import UserRepository
from stackwright.db.version_previews import VersionPreviewRepository
from stackwright.db.wishes import WishRepository
from stackwright.projects.restore_points import RestorePoints
from stackwright.runs.service import RunService

pytestmark = pytest.mark.integration

STRANGER = UserId("stranger")
EVENT = [NewEvent("state", '{"type":"state"}')]
BELIEF = WitnessBelief(sha256="a" * 64, is_believed=True)
PICTURE = sha256(b"picture").hexdigest()
PLAN = StoredPlan(plan=Plan(title="x", wishes=(PlannedWish(text="x"),)), run_id="x")
HOUR = timedelta(hours=1)
OFFER = WorkerOffer(worker_id=1, worker="w", token="t", duration=timedelta(seconds=9))
NEW_RUN = NewRun(
    run_id=RunId("new"),
    message_id="new",
    message="x",
    kind="chat",
    model=None,
    user_message='{"type":"user_message","message_id":"new","text":"x"}',
    run_queued='{"type":"run_queued","position":0}',
    project_name="x",
    email=None,
    key=None,
    fingerprint="",
    steers=False,
)


@dataclass(frozen=True)
class Victim:
    """Somebody's project with one of everything, and the lease a stranger would have to forge."""

    project: ProjectId
    run: RunId
    record: RunRecord
    forged: Lease
    message: str


Call = Callable[[Any, Victim], Awaitable[Any]]

CALLS: dict[type, dict[str, Call]] = {
    ProjectRepository: {
        "get_owned": lambda r, v: r.get_owned(v.project, STRANGER),
        "ensure": lambda r, v: r.ensure(v.project, STRANGER, name="x"),
        "list_of": lambda r, v: r.list_of(STRANGER, limit=9),
        "change": lambda r, v: r.change(v.project, STRANGER, name="x"),
        "touch": lambda r, v: r.touch(v.project, STRANGER),
        "name_once": lambda r, v: r.name_once(v.project, STRANGER, name="x", instead_of=str),
        "hide": lambda r, v: r.hide(v.project, STRANGER),
        "unhide": lambda r, v: r.unhide(v.project, STRANGER),
        "find_by_preview_label": lambda r, v: r.find_by_preview_label("guess"),
    },
    SandboxRepository: {
        "note": lambda r, v: r.note(
            STRANGER, v.project, state="running", sandbox_id=SandboxId("s")
        ),
        "reserve": lambda r, v: r.reserve(STRANGER, v.project),
        "release": lambda r, v: r.release(STRANGER, v.project),
        "touch": lambda r, v: r.touch([(STRANGER, v.project)]),
        "find": lambda r, v: r.find(STRANGER, v.project),
        "existing": lambda r, v: r.existing([(STRANGER, v.project)]),
        "has_run": lambda r, v: r.has_run(STRANGER, v.project),
        "wait_in_line": lambda r, v: r.wait_in_line(STRANGER, v.project, whose="server"),
        "leave_line": lambda r, v: r.leave_line(STRANGER, v.project),
        "ahead": lambda r, v: r.ahead(STRANGER, v.project),
        "set_aside": lambda r, v: r.set_aside(STRANGER, v.project, sandbox_id="x"),
        "forget_aside": lambda r, v: r.forget_aside(STRANGER, v.project, sandbox_id="x"),
        "take_news": lambda r, v: r.take_news(STRANGER, v.project),
    },
    FileRepository: {
        "list_of": lambda r, v: r.list_of(STRANGER, v.project),
        "count": lambda r, v: r.count(STRANGER, v.project),
        "replace_all": lambda r, v: r.replace_all(STRANGER, v.project, {}),
    },
    SubmissionRepository: {"submit": lambda r, v: r.submit(STRANGER, v.project, NEW_RUN, OFFER)},
    FileContentRepository: {
        "read": lambda r, v: r.read(STRANGER, v.project, "a.txt"),
        "read_many": lambda r, v: r.read_many(STRANGER, v.project, ["a.txt"]),
        "look": lambda r, v: r.look(STRANGER, v.project),
        "find_in_the_way": lambda r, v: r.find_in_the_way(STRANGER, v.project, {"a.txt/b": b"x"}),
        "write": lambda r, v: r.write(STRANGER, v.project, {"a.txt": b"x"}),
        "copy": lambda r, v: r.copy(STRANGER, v.project, v.project),
    },
    RunRepository: {
        "get_owned": lambda r, v: r.get_owned(STRANGER, v.project, v.run),
        "list_of": lambda r, v: r.list_of(STRANGER, v.project, limit=9),
        "find_current": lambda r, v: r.find_current(STRANGER, v.project),
        "count_by_status": lambda r, v: r.count_by_status(STRANGER, v.project),
        "find_next": lambda r, v: r.find_next(STRANGER, v.project, 0),
        "find_last_report": lambda r, v: r.find_last_report(STRANGER, v.project),
        "answer": lambda r, v: r.answer(STRANGER, v.run, {"text": "x"}),
        "request_cancel": lambda r, v: r.request_cancel(STRANGER, v.run, cause="x"),
        "close_waiting": lambda r, v: r.close_waiting(STRANGER, v.run, cause="x"),
        "end_unclaimed": lambda r, v: r.end_unclaimed(STRANGER, v.run, status="cancelled"),
        "list_unbegun": lambda r, v: r.list_unbegun(STRANGER, v.project),
        "renumber": lambda r, v: r.renumber(STRANGER, {v.run: 99}),
        "list_waiting": lambda r, v: r.list_waiting(STRANGER, v.project),
        "hand_over": lambda r, v: r.hand_over(v.forged),
        "wait_for_input": lambda r, v: r.wait_for_input(v.forged, {}),
    },
    RunEventRepository: {
        "may_grow": lambda r, v: r.may_grow(STRANGER, v.project, v.run, after=0),
        "append": lambda r, v: r.append(Batch.of(v.forged, 2, EVENT), durable=True),
        "append_all": lambda r, v: r.append_all([Batch.of(v.forged, 2, EVENT)], durable=True),
        "append_unclaimed": lambda r, v: r.append_unclaimed(STRANGER, v.run, EVENT, base=2),
        "read": lambda r, v: r.read(STRANGER, v.project, v.run, after=0, limit=9),
        "read_newest": lambda r, v: r.read_newest(STRANGER, v.project, types=["state"], limit=9),
    },
    MessageRepository: {
        "add": lambda r, v: r.add(STRANGER, v.project, v.run, role="user", content="x"),
        "list_of": lambda r, v: r.list_of(STRANGER, v.project, limit=9),
        "count": lambda r, v: r.count(STRANGER, v.project),
        "list_said": lambda r, v: r.list_said(STRANGER, v.project, v.run),
        "list_attached": lambda r, v: r.list_attached(STRANGER, v.project, v.run),
        "move": lambda r, v: r.move(STRANGER, v.project, v.message, RunId("other")),
    },
    RestorePointRepository: {
        "add": lambda r, v: r.add(
            STRANGER, v.project, manifest={}, wishes=None, title="x", status="x"
        ),
        "get": lambda r, v: r.get(STRANGER, v.project, 1),
        "find_of_run": lambda r, v: r.find_of_run(STRANGER, v.project, v.run),
        "list_of": lambda r, v: r.list_of(STRANGER, v.project, limit=9),
        "get_manifest": lambda r, v: r.get_manifest(STRANGER, v.project, 1),
        "read_files": lambda r, v: r.read_files(STRANGER, v.project, 1, ["a.txt"]),
        "get_contents": lambda r, v: r.get_contents(STRANGER, v.project, 1),
        "release": lambda r, v: r.release(STRANGER, v.project, 1),
        "star": lambda r, v: r.star(STRANGER, v.project, 1, is_starred=True),
    },
    VersionPreviewRepository: {
        "reopen": lambda r, v: r.reopen(STRANGER, v.project, 1),
        "find": lambda r, v: r.find(STRANGER, v.project, 1),
    },
    LastProofRepository: {
        "of_projects": lambda r, v: r.of_projects(STRANGER, [v.project]),
        "working": lambda r, v: r.working(STRANGER, [v.project]),
        "of_runs": lambda r, v: r.of_runs(STRANGER, [v.run]),
    },
    WishRepository: {
        "find": lambda r, v: r.find(STRANGER, v.project),
        "lock": lambda r, v: r.lock(STRANGER, v.project),
        "save": lambda r, v: r.save(STRANGER, v.project, WishList()),
        "beliefs": lambda r, v: r.beliefs(STRANGER, v.project),
        "forget_beliefs": lambda r, v: r.forget_beliefs(STRANGER, v.project),
        "believe": lambda r, v: r.believe(STRANGER, v.project, BELIEF),
    },
    ToolExecutionRepository: {
        "begin": lambda r, v: r.begin(v.forged, "c", "t", begun_by="x"),
        "finish": lambda r, v: r.finish(v.forged, "c", "t", "x", failed=False),
    },
    RunTurnRepository: {
        "renew": lambda r, v: r.renew(v.forged, duration=HOUR),
        "list_unread": lambda r, v: r.list_unread(v.forged, []),
        "steer": lambda r, v: r.steer(STRANGER, v.run, message_id="m", message="x"),
        "end": lambda r, v: r.end(v.forged, RunSummary("x", []), RunTotals(), status="failed"),
    },
    PurseRepository: {
        "reserve": lambda r, v: r.reserve(
            v.forged, Amount(), spent=Amount(), repaired=Amount(), limits={}, duration=HOUR
        ),
        "settle": lambda r, v: r.settle(v.forged, Amount(1.0, 1)),
        "fold": lambda r, v: r.fold(STRANGER, v.run),
        "raise_limit": lambda r, v: r.raise_limit(v.forged, "user", 1),
        "forget_raised": lambda r, v: r.forget_raised(STRANGER, f"project:{v.project}"),
    },
    CostRepository: {
        "list_of": lambda r, v: r.list_of(STRANGER, project_id=v.project, run_id=v.run),
        "list_ended": lambda r, v: r.list_ended(STRANGER, v.project, limit=9),
        "size_of": lambda r, v: r.size_of(STRANGER, v.project),
    },
    IdempotencyRepository: {"find": lambda r, v: r.find(STRANGER, "key")},
    PlanRepository: {
        "find": lambda r, v: r.find(STRANGER, v.project),
        "save": lambda r, v: r.save(STRANGER, v.project, PLAN),
    },
    ThoughtRepository: {
        "find_note": lambda r, v: r.find_note(STRANGER, v.project),
        "add_note": lambda r, v: r.add_note(STRANGER, v.project, "x"),
    },
    EvidenceRepository: {
        "find": lambda r, v: r.find(STRANGER, v.project, v.run, PICTURE),
        "find_in_project": lambda r, v: r.find_in_project(STRANGER, v.project, PICTURE),
    },
}
TRUSTED = {
    (UserRepository, "get"),  # what belongs to nobody else
    (UserRepository, "ensure"),
    (EvidenceRepository, "add"),  # the run is the caller's own
    (ProjectRepository, "find_owner"),  # single-user platforms only: the API decides
    (ProjectRepository, "remove_hidden"),  # the platform's own: what owners deleted long ago
    (RunRepository, "lock_for_claim"),  # the queue's word, not a person's
    (SubmissionRepository, "claim"),  # the same
    (RunRepository, "edit_input"),  # takes an owned and locked record
    (MessageRepository, "edit_asked"),  # the same
    (MessageRepository, "reorder_asked"),  # the same
    (JobRepository, "lock_waiting"),  # the jobs of runs that are owned and locked
    (JobRepository, "give"),
    (VersionPreviewRepository, "add"),  # inside the transaction that has the project locked
    (RunRepository, "add"),  # inside the transaction that has the project locked
    (IdempotencyRepository, "add"),
    (JobRepository, "add"),
    (WorkerJobRepository, "beat"),  # the queue's: a worker and the jobs it was given
    (WorkerJobRepository, "end"),
    (WorkerJobRepository, "give_back"),
    (WorkerJobRepository, "give_back_others"),
    (SandboxRepository, "installation"),  # the manager's: it works for all owners
    (SandboxRepository, "reserved"),
    (SandboxRepository, "aside"),
    (SandboxRepository, "with_sandbox"),
    (SandboxRepository, "correct"),  # takes the record that with_sandbox gave
}
BY_STATEMENT = {
    SubmissionRepository,
    FileContentRepository,
    RunEventRepository,
    RunTurnRepository,
    ToolExecutionRepository,
    PurseRepository,
    CostRepository,
    LastProofRepository,
}
EMPTY: tuple[Any, ...] = ([], {}, None, 0, "", False, frozenset[str](), WishList())


@pytest.fixture
async def victim(database: Database, signals: RunNotifications) -> Victim:
    owner, project = UserId(new_id()), ProjectId(new_id())
    service = RunService(database, signals)
    accepted = await service.accept(
        user_id=owner, project_id=project, message="go", idempotency_key="key"
    )
    async with database.transaction() as transaction:
        await FileContentRepository(within(transaction)).write(owner, project, {"a.txt": b"secret"})
        await EvidenceRepository(transaction).add(accepted.run_id, b"picture")
        await PlanRepository(transaction).save(owner, project, PLAN)
        await ThoughtRepository(transaction).add_note(owner, project, "secret")
    await RestorePoints(database).create(
        owner, project, accepted.run_id, title="secret", status="verified"
    )
    claimed = await service.claim(accepted.run_id, worker="w")
    assert claimed is not None
    forged = Lease(
        run_id=accepted.run_id,
        project_id=project,
        user_id=STRANGER,
        token=claimed.lease.token,
        attempt=1,
        last_seq=2,
    )
    (message,) = await service.history(owner, project)
    return Victim(project, accepted.run_id, claimed.run, forged, message.id)


def test_every_method_of_every_repository_is_tried() -> None:
    modules = [
        importlib.import_module(f"{db.__name__}.{module.name}")
        for module in pkgutil.iter_modules(db.__path__)
    ]
    methods = {
        (repository, name)
        for module in modules
        for _, repository in inspect.getmembers(module, inspect.isclass)
        if repository.__name__.endswith("Repository")
        for name, _ in inspect.getmembers(repository, inspect.isfunction)
        if not name.startswith("_")
    }
    tried = {(repository, name) for repository, calls in CALLS.items() for name in calls}
    assert methods == tried | TRUSTED


async def rows(transaction: Transaction) -> str:
    """Everything there is, to see that nothing changed."""
    tables = ("users", "projects", "project_files", "runs", "run_events", "run_inbox", "messages")
    found = [
        (
            await transaction.exec_driver_sql(
                f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t"
            )
        ).scalar()
        for table in (
            *tables,
            "restore_points",
            "tool_executions",
            "project_plans",
            "project_thoughts",
        )
    ]
    return str(found)


@pytest.mark.parametrize(
    ("repository", "name"), [(each, name) for each, calls in CALLS.items() for name in calls]
)
async def test_a_stranger_gets_nothing_and_changes_nothing(
    database: Database, victim: Victim, repository: type, name: str
) -> None:
    async with database.transaction() as transaction:
        before = await rows(transaction)
    try:
        async with database.transaction() as transaction:
            is_by_statement = repository in BY_STATEMENT
            way = within(transaction) if is_by_statement else transaction
            given = await CALLS[repository][name](repository(way), victim)
    except (PlatformError, LeaseLost, AssertionError):
        given = None
    assert given in EMPTY
    async with database.transaction() as transaction:
        assert await rows(transaction) == before
