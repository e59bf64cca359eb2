from langchain_core.tracers import LangChainTracer
from pydantic import SecretStr

from stackwright.agent.tracing import tracers
from stackwright.core.setting_groups import TracingSettings


def test_without_a_key_nothing_is_traced() -> None:
    assert tracers(TracingSettings(api_key=None)) == ()


def test_traces_carry_the_key_of_our_settings() -> None:
    (tracer,) = tracers(TracingSettings(api_key=SecretStr("ls-ours")))
    assert isinstance(tracer, LangChainTracer)
    assert tracer.client.api_key == "ls-ours"
    tracer.client.close()
