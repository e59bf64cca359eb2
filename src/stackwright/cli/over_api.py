"""What all commands share that talk to a running platform: --json, --url, --user, and the client."""

import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="JSON on standard output, nothing else.")]
SHARED: dict[str, Any] = {
    "json": Json,
    "url": Annotated[
        str | None,
        typer.Option("--url", help="Address of a running platform. Default: this machine."),
    ],
    "user": Annotated[
        str | None, typer.Option("--user", help="In whose name. Default: the owner.")
    ],
}
_GIVEN = ("client", "as_json")

Command = Callable[..., int | None]
Opened = Callable[..., AbstractContextManager[Any]]


def open_client(url: str | None, user: str | None, *, start: bool, quiet: bool) -> Any:
    # Loaded late: `--help` answers at once without them.
    from stackwright.cli.client import Client  # noqa: PLC0415
    from stackwright.cli.server import find_or_start  # noqa: PLC0415

    return Client(url or find_or_start(may_start=start, quiet=quiet), user)


def over_api(
    *, start: bool = False, opened: Opened = open_client
) -> Callable[[Command], Callable[..., None]]:
    """The command gets `client` and `as_json`, and its result is the exit code. `start`: a platform is
    started when none is running."""

    def wrapped(command: Command) -> Callable[..., None]:
        def run(**given: Any) -> None:
            as_json, url, user = (given.pop(name) for name in SHARED)
            with opened(url, user, start=start, quiet=as_json) as client:
                raise typer.Exit(command(client=client, as_json=as_json, **given) or 0)

        own = [
            one.replace(kind=inspect.Parameter.KEYWORD_ONLY)
            for one in inspect.signature(command).parameters.values()
            if one.name not in _GIVEN
        ]
        shared = [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=False if name == "json" else None,
                annotation=kind,
            )
            for name, kind in SHARED.items()
        ]
        run.__name__, run.__doc__ = command.__name__, command.__doc__
        run.__signature__ = inspect.Signature([*own, *shared])  # pyright: ignore[reportFunctionMemberAccess]
        run.__annotations__ = {one.name: one.annotation for one in (*own, *shared)}
        return run

    return wrapped
