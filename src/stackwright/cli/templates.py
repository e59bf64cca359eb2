"""The `template` commands: an application template for E2B instead of the local engine."""

import asyncio
import sys

from stackwright.core.settings import load_settings
from stackwright.engine.templates.spec import ALWAYS_EXCLUDED, TemplateError, find_template
from stackwright.sandbox.cloud_template import CloudTemplate
from stackwright.sandbox.endpoint import Endpoint


def show(name: str | None, *, as_json: bool) -> int:
    """Print the definition as a Dockerfile, or as what E2B's builder is sent."""
    template = _load(name)
    if template is None:
        return 1
    sys.stdout.write((template.to_json() + "\n") if as_json else template.to_dockerfile())
    return 0


def push(name: str | None) -> int:
    """Have E2B build it, with its log on standard error."""
    settings = load_settings().sandbox
    if settings.e2b_api_key is None:
        return _refuse("E2B_API_KEY is not set: the template is built in E2B's account.")
    template = _load(name)
    if template is None:
        return 1
    endpoint = Endpoint(settings.e2b_api_key.get_secret_value(), settings.api_url)
    try:
        template_id = asyncio.run(template.push(endpoint, on_log=_log))
    except CloudTemplate.Failed as error:
        return _refuse(f"E2B did not build it: {error}")
    sys.stdout.write(f"{template_id}\n")
    return 0


def _load(name: str | None) -> CloudTemplate | None:
    settings = load_settings().sandbox
    wanted = name or settings.template
    try:
        definition = find_template(settings.templates_dir, wanted)
    except TemplateError as error:
        _refuse(str(error))
        return None
    if definition is None:
        _refuse(f"There is no template {wanted!r} in {settings.templates_dir}.")
        return None
    return CloudTemplate(definition, always_excluded=ALWAYS_EXCLUDED)


def _log(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _refuse(sentence: str) -> int:
    _log(sentence)
    return 1
