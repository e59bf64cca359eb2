import asyncio

import pytest
from e2b import AsyncTemplate, Template

from conformance.sdk import Sdk


@pytest.mark.parametrize(("name", "there"), [("base", True), ("no-such-template", False)])
async def test_a_template_can_be_asked_for(sdk: Sdk, name: str, there: bool) -> None:
    options = {k: v for k, v in sdk.options.items() if k != "sandbox_url"}
    if sdk.is_async:
        assert await AsyncTemplate.exists(name, **options) is there
    else:
        assert await asyncio.to_thread(Template.exists, name, **options) is there
