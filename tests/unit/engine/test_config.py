from pathlib import Path

import pytest

from stackwright.engine.config import (
    PACKAGE_REGISTRIES,
    ConfigError,
    EngineConfig,
    Limits,
    parse_config,
)


def test_a_configuration_survives_the_way_to_the_engine() -> None:
    config = EngineConfig(
        data_dir=Path("/var/data"),
        api_key="k",
        templates_dir=Path("/t"),
        port=99,
        egress_allow=("a.test",),
        limits=Limits(max_sandboxes=3),
    )
    assert parse_config(config.to_json()) == config


def test_little_has_to_be_said() -> None:
    config = parse_config('{"data_dir": "/d", "api_key": "k"}')
    assert config.port == 0
    assert config.egress_allow == PACKAGE_REGISTRIES


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"api_key": "k"}', "data_dir"),
        ('{"data_dir": "/d"}', "api_key"),
        ('{"data_dir": "/d", "api_key": "k", "prot": 1}', "prot"),
        ('{"data_dir": "/d", "api_key": "k", "limits": {"x": 1}}', "unknown fields in the limits"),
    ],
)
def test_a_wrong_configuration_is_named(text: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        parse_config(text)
