"""The tables. Repositories select columns and never load whole objects.

Ids are text (UUIDv7 unless the caller brought one). Rows of user data carry `user_id`, so that a
query can name the owner without a join.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Text,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from stackwright.db.columns import AnyJson, AnyText

Timestamp = DateTime(timezone=True)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        int: BigInteger,
        bytes: LargeBinary,
        datetime: Timestamp,
        dict[str, Any]: AnyJson,
        list[Any]: AnyJson,
    }


def _created() -> Mapped[datetime]:
    return mapped_column(server_default=func.now())


def _of_project() -> Mapped[str]:
    return mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))


def _of_user() -> Mapped[str]:
    return mapped_column(ForeignKey("users.id", ondelete="CASCADE"))


class Installation(Base):
    """One row: the name under which this database's sandboxes are known to their engine."""

    __tablename__ = "installation"

    id: Mapped[str] = mapped_column(primary_key=True)
    is_this_one: Mapped[bool] = mapped_column(server_default=true(), unique=True)
    __table_args__ = (CheckConstraint("is_this_one", name="is_this_one"),)


class User(Base):
    """Owner of projects; made with the first message that names it."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    username: Mapped[str | None]
    role: Mapped[str] = mapped_column(server_default="user")
    created_at: Mapped[datetime] = _created()
    __table_args__ = (CheckConstraint("role IN ('user', 'admin')", name="role"),)


class Project(Base):
    """An application: its conversation, files, sandbox, and limits of its own."""

    __tablename__ = "projects"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = _of_user()
    name: Mapped[str]
    thread_id: Mapped[str] = mapped_column(unique=True)
    preview_label: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(server_default="active")
    sandbox_state: Mapped[str] = mapped_column(server_default="none")
    active_sandbox_id: Mapped[str | None]
    sandbox_used_at: Mapped[datetime | None]
    sandbox_starting_until: Mapped[datetime | None]
    """While in the future, a process is making the project's sandbox: it counts as running."""
    sandbox_waits_since: Mapped[datetime | None]
    sandbox_waits_until: Mapped[datetime | None]
    """While in the future, a message of the project waits for a sandbox. Renewed by its worker."""
    sandbox_waits_for: Mapped[str | None]
    """Whose limit is reached: the user's or the server's."""
    broken_sandbox_id: Mapped[str | None]
    """Replaced by another; its disk is kept for a while."""
    sandbox_broke_at: Mapped[datetime | None]
    is_sandbox_news: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the sandbox was replaced and nobody was told yet."""
    files_version: Mapped[int] = mapped_column(server_default="0")
    model: Mapped[str | None]
    """Builds it, unless a message names another. None: the platform's."""
    max_usd: Mapped[float | None]
    """What its owner lets it cost altogether, beside the platform's own limits."""
    max_tokens: Mapped[int | None]
    created_at: Mapped[datetime] = _created()
    updated_at: Mapped[datetime] = _created()
    deleted_at: Mapped[datetime | None]
    """Since then nobody finds it; some minutes later it is removed."""
    preview_of: Mapped[str | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    """The project whose old version `preview_version` this one runs. Not in its owner's list."""
    preview_version: Mapped[int | None]
    __table_args__ = (
        CheckConstraint(
            "(preview_of IS NULL) = (preview_version IS NULL)", name="preview_of_version"
        ),
        Index(
            "ix_projects_preview_of",
            "preview_of",
            "preview_version",
            unique=True,
            postgresql_where=text("preview_of IS NOT NULL"),
        ),
        Index(
            "ix_projects_deleted_at",
            "deleted_at",
            postgresql_where=text("deleted_at IS NOT NULL"),
        ),
        CheckConstraint("status IN ('active', 'paused', 'ended')", name="status"),
        CheckConstraint(
            "sandbox_state IN ('running', 'paused', 'killed', 'none')", name="sandbox_state"
        ),
        CheckConstraint("sandbox_waits_for IN ('user', 'server')", name="sandbox_waits_for"),
        Index("ix_projects_user_id_updated_at", "user_id", text("updated_at DESC"), "id"),
        Index(
            "ix_projects_sandbox_state",
            "id",
            postgresql_where=text("sandbox_state IN ('running', 'paused')"),
        ),
        Index(
            "ix_projects_sandbox_starting_until",
            "id",
            postgresql_where=text("sandbox_starting_until IS NOT NULL"),
        ),
        Index(
            "ix_projects_sandbox_waits_since",
            "sandbox_waits_since",
            postgresql_where=text("sandbox_waits_since IS NOT NULL"),
        ),
        Index(
            "ix_projects_broken_sandbox_id",
            "broken_sandbox_id",
            postgresql_where=text("broken_sandbox_id IS NOT NULL"),
        ),
    )


class Blob(Base):
    """Contents of files, each stored once for all projects."""

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    bytes: Mapped[bytes]


class ProjectFile(Base):
    """A path of a project's workspace. `sha256` null: deleted in `version`."""

    __tablename__ = "project_files"

    project_id: Mapped[str] = mapped_column(
        ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True
    )
    path: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str | None] = mapped_column(ForeignKey("blobs.sha256"))
    """None: the file was deleted in `version`; sandboxes laid out before still have it."""
    size_bytes: Mapped[int]
    mode: Mapped[int] = mapped_column(server_default="420")
    version: Mapped[int]
    __table_args__ = (Index("ix_project_files_sha256", "sha256"),)


class ProjectThought(Base):
    """What the agent noted on a project for later runs."""

    __tablename__ = "project_thoughts"

    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = _of_project()
    kind: Mapped[str]
    content: Mapped[str] = mapped_column(AnyText)
    created_at: Mapped[datetime] = _created()
    __table_args__ = (Index("ix_project_thoughts_project_id", "project_id"),)


class RestorePoint(Base):
    """A version of a project: digests of its files by path, and its wishes."""

    __tablename__ = "restore_points"

    project_id: Mapped[str] = mapped_column(
        ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    restored_from: Mapped[int | None]
    title: Mapped[str]
    status: Mapped[str]
    manifest: Mapped[dict[str, Any]]
    wishes: Mapped[dict[str, Any] | None]
    """As `ProjectWishes.wishes` was then. None: made before there were wishes."""
    is_starred: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = _created()
    __table_args__ = (Index("uq_restore_points_run_id", "run_id", unique=True),)


class ProjectWishes(Base):
    """One row for each project that ever had a wish: few, small, and always used together."""

    __tablename__ = "project_wishes"

    project_id: Mapped[str] = mapped_column(
        ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True
    )
    wishes: Mapped[dict[str, Any]]


class ProjectPlan(Base):
    """The newest plan of a project, with what became of it."""

    __tablename__ = "project_plans"

    project_id: Mapped[str] = mapped_column(
        ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True
    )
    plan: Mapped[dict[str, Any]]


class WitnessBeliefRow(Base):
    __tablename__ = "witness_beliefs"

    project_id: Mapped[str] = mapped_column(
        ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True
    )
    sha256: Mapped[str] = mapped_column(primary_key=True)
    is_believed: Mapped[bool]
    reason: Mapped[str]


class Run(Base):
    """One message that the agent works on, from queued to ended; `lease_token` names its worker."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = _of_project()
    user_id: Mapped[str] = _of_user()
    number: Mapped[int]
    """Counts the runs of the project, from 1."""
    kind: Mapped[str] = mapped_column(server_default="chat")
    """`proof`: it proves the app as it is, without a model. `plan`, `ask`: it changes nothing."""
    status: Mapped[str] = mapped_column(server_default="queued")
    input: Mapped[str]
    model: Mapped[str | None]
    """The model that the message names, if it names one."""
    answer: Mapped[dict[str, Any] | None]
    interrupt: Mapped[dict[str, Any] | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    model_calls: Mapped[int] = mapped_column(server_default="0")
    spent_usd: Mapped[float] = mapped_column(server_default="0")
    """What its model calls cost so far, as the event log tells; unlike `cost_usd` also while it runs."""
    spent_tokens: Mapped[int] = mapped_column(server_default="0")
    repair_usd: Mapped[float] = mapped_column(server_default="0")
    """The part of it that followed a failing proof."""
    repair_tokens: Mapped[int] = mapped_column(server_default="0")
    cancel_cause: Mapped[str | None]
    worker: Mapped[str | None]
    lease_token: Mapped[str | None]
    lease_expires_at: Mapped[datetime | None]
    last_seq: Mapped[int] = mapped_column(server_default="0")
    usage: Mapped[dict[str, Any] | None]
    cost_usd: Mapped[float | None]
    error: Mapped[dict[str, Any] | None]
    report: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = _created()
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(
            "status IN ('queued', 'running', 'waiting_input', 'verified', 'partly', 'unverified',"
            " 'answered', 'cancelled', 'failed')",
            name="status",
        ),
        CheckConstraint("kind IN ('chat', 'proof', 'plan', 'ask')", name="kind"),
        Index(
            "uq_runs_live_per_project",
            "project_id",
            unique=True,
            postgresql_where=text("status = 'running'"),
        ),
        Index("uq_runs_project_id_number", "project_id", "number", unique=True),
        Index(
            "ix_runs_live", "created_at", postgresql_where=text("status IN ('queued', 'running')")
        ),
    )


class RunEvent(Base):
    """The log of a run, numbered without gaps; clients follow it."""

    __tablename__ = "run_events"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type: Mapped[str]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = _created()
    __table_args__ = (
        Index("ix_run_events_usage", "run_id", postgresql_where=text("type = 'usage'")),
    )


class Purse(Base):
    """What a user has spent, and what model calls under way may cost. One row, so that one statement
    can check a limit and reserve: a waiting statement sees what the one before it wrote."""

    __tablename__ = "purses"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    spent_usd: Mapped[float] = mapped_column(server_default="0")
    """By runs that have ended; `day_usd` is the part of it of `day`."""
    spent_tokens: Mapped[int] = mapped_column(server_default="0")
    day: Mapped[date | None]
    day_usd: Mapped[float] = mapped_column(server_default="0")
    day_tokens: Mapped[int] = mapped_column(server_default="0")
    live: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """By run that has not ended: what it spent, altogether and on `day`, and what it reserves `until`."""
    raised: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """How often a limit was raised, by what it is for (`run:<id>`, `project:<id>`, `user`, `day:<date>`)."""


class RunInbox(Base):
    """Messages that steer a run under way, until it has read them."""

    __tablename__ = "run_inbox"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    message_id: Mapped[str]
    text: Mapped[str]
    taken_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = _created()
    __table_args__ = (Index("ix_run_inbox_run_id", "run_id"),)


class Message(Base):
    """What the person and the agent said, as the history shows it."""

    __tablename__ = "messages"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Identity(), unique=True)
    project_id: Mapped[str] = _of_project()
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    role: Mapped[str]
    content: Mapped[str] = mapped_column(AnyText)
    tool_calls: Mapped[list[Any]]
    status: Mapped[str | None]
    attachments: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    created_at: Mapped[datetime] = _created()
    __table_args__ = (
        CheckConstraint("role IN ('user', 'assistant')", name="role"),
        Index("ix_messages_project_id_number", "project_id", "number"),
    )


class ToolExecution(Base):
    """Tool calls that must not happen twice: begun, and with which result."""

    __tablename__ = "tool_executions"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    tool_call_id: Mapped[str] = mapped_column(primary_key=True)
    tool_name: Mapped[str]
    intent: Mapped[dict[str, Any]]
    result: Mapped[str | None] = mapped_column(AnyText)
    failed: Mapped[bool] = mapped_column(server_default="false")
    started_at: Mapped[datetime] = _created()
    finished_at: Mapped[datetime | None]


class IdempotencyKey(Base):
    """Requests that were accepted, so that a repeated one gets the same answer."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    first_seq: Mapped[int]
    created_at: Mapped[datetime] = _created()


class Evidence(Base):
    """Pictures and recordings of what the gate saw in a run."""

    __tablename__ = "evidence"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]
