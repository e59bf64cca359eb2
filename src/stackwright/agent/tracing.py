"""Traces of runs at LangSmith, with the key of our own settings: LangChain would read only the environment."""

from collections.abc import Sequence

from langchain_core.callbacks import BaseCallbackHandler

from stackwright.core.setting_groups import TracingSettings


def tracers(settings: TracingSettings) -> Sequence[BaseCallbackHandler]:
    """None, or the one that sends in a thread of its own."""
    if settings.api_key is None:
        return ()
    # Loaded late: a platform without traces goes without LangSmith's client.
    from langchain_core.tracers import LangChainTracer  # noqa: PLC0415
    from langsmith import Client  # noqa: PLC0415

    return (LangChainTracer(client=Client(api_key=settings.api_key.get_secret_value())),)
