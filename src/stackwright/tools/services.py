"""The app's long-running services and what they say."""

from pydantic import Field

from stackwright.sandbox.base import ServiceStatus
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.budget import cut_middle

BACKEND_PORT = 8000
FRONTEND_PORT = 3000
TEMPLATE_SERVICES = frozenset({"mongo", "backend", "frontend"})


class RunService(Arguments):
    name: str = Field(
        pattern=r"^[a-z][a-z0-9-]{0,30}$",
        description="mongo, backend or frontend; another name starts a service of your own.",
    )
    command: str | None = Field(
        default=None, max_length=20_000, description="Only for a service or job of your own."
    )
    port: int | None = Field(
        default=None, ge=1024, le=65535, description="The port it answers on; none for a job."
    )


class StopService(Arguments):
    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")


class ReadLogs(Arguments):
    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$", description="Name of the service.")
    lines: int = Field(default=100, ge=1, le=1000)


class ListProcesses(Arguments):
    pass


async def run_service(arguments: RunService, context: ToolContext) -> str:
    if arguments.name in TEMPLATE_SERVICES and (arguments.command or arguments.port):
        raise ToolFailed(
            f"{arguments.name} belongs to the template and is started its own way: leave command "
            "and port out, or give your service another name."
        )
    services = await context.services()
    status = await services.start(arguments.name, command=arguments.command, port=arguments.port)
    if status.port is None:
        return f"The job {told(status)}. read_logs shows its output, stop_service ends it."
    return f"{status.name} is {status.state} on port {status.port}"


async def app_runs(context: ToolContext) -> None:
    """Start what does not run or runs older code. Raises ToolFailed with the log of what cannot start."""
    statuses = await (await context.services()).ensure_all()
    if down := [status for status in statuses if status.state == "crashed"]:
        raise ToolFailed("\n".join(status.detail or told(status) for status in down))


async def stop_service(arguments: StopService, context: ToolContext) -> str:
    await (await context.services()).stop(arguments.name)
    return f"{arguments.name} is stopped."


async def read_logs(arguments: ReadLogs, context: ToolContext) -> str:
    services = await context.services()
    text = await services.logs(arguments.name, lines=arguments.lines)
    if arguments.name not in TEMPLATE_SERVICES:
        await context.files.capture()  # what a job wrote is read next
    return cut_middle(text, rest="Ask for fewer lines.") or "(the log is empty)"


async def list_processes(_arguments: ListProcesses, context: ToolContext) -> str:
    services = [told(status) for status in await (await context.services()).status()]
    sandbox = await context.sandbox()
    processes = [f"{p.pid} {' '.join(p.command.split())[:120]}" for p in await sandbox.processes()]
    return "Services\n" + "\n".join(services) + "\n\nProcesses\n" + "\n".join(processes)


def told(status: ServiceStatus) -> str:
    parts = [f"{status.name}: {status.state}"]
    parts += [f"port {status.port}"] if status.port else []
    parts += [f"pid {status.pid}"] if status.pid else []
    return ", ".join(parts) + (f" ({status.detail})" if status.detail else "")


TOOLS = (
    Tool(
        "run_service",
        "Start (or restart with the current code) a service and wait until it answers. With a command and "
        "no port: a background job, which read_logs, list_processes and stop_service know by its name.",
        RunService,
        run_service,
        "repeatable",
        lambda a: frozenset({f"service:{a.name}"}),
    ),
    Tool(
        "stop_service",
        "Stop a service.",
        StopService,
        stop_service,
        "repeatable",
        lambda a: frozenset({f"service:{a.name}"}),
    ),
    Tool("read_logs", "The end of a service's log.", ReadLogs, read_logs, is_reading=True),
    Tool(
        "list_processes",
        "The app's services, your jobs with how they ended, and the sandbox's processes.",
        ListProcesses,
        list_processes,
    ),
)
