"""The app's long-running services and what they say."""

from typing import Literal

from pydantic import Field

from stackwright.core.text import charset_in, decoded
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
    command: str | None = Field(default=None, description="Only for a service of your own.")
    port: int | None = Field(default=None, ge=1024, le=65535, description="The port it answers on.")


class StopService(Arguments):
    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")


class ReadLogs(Arguments):
    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$", description="Name of the service.")
    lines: int = Field(default=100, ge=1, le=1000)


class HttpRequest(Arguments):
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    path: str = Field(pattern=r"^/", max_length=2000, description="e.g. /api/todos?limit=5")
    body: str | None = Field(default=None, description="JSON text to send.")
    service: Literal["backend", "frontend"] = "backend"


async def run_service(arguments: RunService, context: ToolContext) -> str:
    if arguments.name in TEMPLATE_SERVICES and (arguments.command or arguments.port):
        raise ToolFailed(
            f"{arguments.name} belongs to the template and is started its own way: leave command "
            "and port out, or give your service another name."
        )
    services = await context.services()
    status = await services.start(arguments.name, command=arguments.command, port=arguments.port)
    return f"{status.name} is {status.state}" + (f" on port {status.port}" if status.port else "")


async def stop_service(arguments: StopService, context: ToolContext) -> str:
    await (await context.services()).stop(arguments.name)
    return f"{arguments.name} is stopped."


async def read_logs(arguments: ReadLogs, context: ToolContext) -> str:
    text = await (await context.services()).logs(arguments.name, lines=arguments.lines)
    return cut_middle(text, rest="Ask for fewer lines.") or "(the log is empty)"


async def http_request(arguments: HttpRequest, context: ToolContext) -> str:
    sandbox = await context.sandbox()
    port = BACKEND_PORT if arguments.service == "backend" else FRONTEND_PORT
    answer = await sandbox.request(
        port,
        arguments.method,
        arguments.path,
        headers={"content-type": "application/json"} if arguments.body is not None else None,
        body=arguments.body.encode() if arguments.body is not None else None,
        timeout_s=20,
    )
    if answer.status == 502:
        raise ToolFailed(f"Nothing answers on port {port}; run_service {arguments.service} first.")
    if "content-encoding" in answer.headers:
        return (
            f"HTTP {answer.status}\n(the body does not fit its Content-Encoding and is not shown)"
        )
    text = decoded(answer.body, charset_in(answer.headers.get("content-type", "")))
    return f"HTTP {answer.status}\n{cut_middle(text, 8000)}"


TOOLS = (
    Tool(
        "run_service",
        "Start (or restart with the current code) a service and wait until it answers.",
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
    Tool("read_logs", "The end of a service's log.", ReadLogs, read_logs),
    Tool("http_request", "Send a request to the running app.", HttpRequest, http_request, "once"),
)
