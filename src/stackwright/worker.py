"""The part of the composition root that only runs need: the agent, its model and its tools.

With LangGraph and a model's SDK it is half of a process's memory and of its start, so it is loaded
when work is expected: see `runs.lazy_driver`.
"""

from dataclasses import replace

from stackwright.agent.pricing import PriceList
from stackwright.agent.stream import Agent
from stackwright.agent.tracing import tracers
from stackwright.agent.turn import RetryRule
from stackwright.checkpoint.service import CheckpointService
from stackwright.core.settings import Settings
from stackwright.projects.restore_points import RestorePoints
from stackwright.runs.context import RunResources
from stackwright.runs.driver import RunDriver
from stackwright.runs.events.log import EventLog
from stackwright.runs.models import RunModels
from stackwright.runs.service import RunService
from stackwright.scaffold.kits import kit_lines
from stackwright.tools.cheat_sheet import with_signatures
from stackwright.tools.registry import all_tools
from stackwright.tools.web.search import Brave, SearchProvider, SearXNG, Tavily


def make_driver(
    settings: Settings,
    *,
    resources: RunResources,
    runs: RunService,
    events: EventLog,
    checkpoints: CheckpointService,
    restore_points: RestorePoints,
    worker: str,
) -> RunDriver:
    """Makes no connection. `worker` is what the rows of its runs say."""
    prices = PriceList(settings.budget.prices)

    def make_agent(compact_above_tokens: int | None) -> Agent:
        return Agent(
            compact_above_tokens=compact_above_tokens,
            retry=RetryRule(**settings.retry.model_dump()),
            prices=prices,
            output_tokens=settings.max_tokens,
            callbacks=tracers(settings.tracing),
        )

    models = RunModels(settings, prices, make_agent)
    models.make_default()
    template = resources.template
    folder = settings.sandbox.templates_dir / template.name
    usage = with_signatures(template.usage, folder).replace("{kits}", kit_lines())
    told = template.model_copy(update={"usage": usage})
    return RunDriver(
        resources=replace(resources, template=told),
        runs=runs,
        events=events,
        checkpoints=checkpoints,
        restore_points=restore_points,
        models=models,
        tools=all_tools(
            search_provider=_search_provider(settings),
            with_memory=settings.enable_memory,
            with_debugging=settings.enable_debug_tools,
        ),
        has_memory=settings.enable_memory,
        max_iterations=settings.model.max_iterations,
        max_repair_calls=settings.max_repair_calls,
        budget=settings.budget,
        longest_call_s=settings.model.timeout_s,
        worker=worker,
    )


def _search_provider(settings: Settings) -> SearchProvider | None:
    key = settings.search_api_key.get_secret_value() if settings.search_api_key else ""
    match settings.search_provider:
        case "tavily" if key:
            return Tavily(key)
        case "brave" if key:
            return Brave(key)
        case "searxng" if settings.search_url:
            return SearXNG(settings.search_url)
        case _:
            return None
