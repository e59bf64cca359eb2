"""What the settings of sandboxes name and must be there: looked at by the doctor and at each start."""

from collections.abc import Mapping, Sequence
from typing import Any

from stackwright.core.errors import WrongSettings
from stackwright.core.settings import Settings, load_settings
from stackwright.engine.host.findings import Finding
from stackwright.engine.templates.spec import TemplateError, find_template, template_names


def usable_settings(overrides: Mapping[str, Any] | None = None) -> Settings:
    """As `load_settings`. Raises WrongSettings also when what they name is not there."""
    settings = load_settings(overrides)
    refuse_unusable(settings)
    return settings


def refuse_unusable(settings: Settings) -> None:
    """Raises WrongSettings when a platform with these settings could not make a sandbox."""
    fatal = [finding for finding in named_things(settings) if finding.is_fatal]
    if fatal:
        raise WrongSettings([f"{finding.detail} {finding.fix}" for finding in fatal])


def named_things(settings: Settings) -> Sequence[Finding]:
    """The key of E2B, the folder of templates and the template in it."""
    if settings.sandbox.engine == "e2b":
        return [_key(settings), _folder(settings), _described(settings)]
    folder = _folder(settings)
    return [folder, _template(settings)] if folder.ok else [folder]


def _key(settings: Settings) -> Finding:
    name = "E2B key"
    if settings.e2b_api_key is None:
        fix = "Set it, or SANDBOX_ENGINE=local."
        return Finding(name, False, "SANDBOX_ENGINE=e2b needs E2B_API_KEY.", fix)
    return Finding(name, True, "E2B_API_KEY is set.")


def _folder(settings: Settings) -> Finding:
    name, folder = "templates", settings.sandbox.templates_dir
    if settings.stackwright_templates_dir is not None and not folder.is_dir():
        detail = f"STACKWRIGHT_TEMPLATES_DIR: there is no folder {str(folder)!r}."
        return Finding(name, False, detail, "Name an existing one, or none for the ones shipped.")
    return Finding(name, True, f"Templates in {folder}: {', '.join(template_names(folder))}.")


def _template(settings: Settings) -> Finding:
    name, wanted = "template", settings.sandbox.template
    folder = settings.sandbox.templates_dir
    try:
        if find_template(folder, wanted) is not None:
            return Finding(name, True, f"Sandboxes are made from {wanted!r}.")
        problem = f"E2B_TEMPLATE_ID: there is no template {wanted!r} in {folder}."
    except TemplateError as error:
        problem = f"E2B_TEMPLATE_ID: {error}."
    return Finding(name, False, problem, f"There are: {', '.join(template_names(folder))}.")


def _described(settings: Settings) -> Finding:
    """At E2B a template needs no folder here, but then we know of no service to start."""
    name, wanted = "template", settings.sandbox.template
    folder = settings.sandbox.templates_dir
    if wanted in template_names(folder):
        return Finding(name, True, f"Sandboxes are made from {wanted!r} at E2B.")
    return Finding(
        name,
        False,
        f"E2B_TEMPLATE_ID: {wanted!r} is not described in {folder}, so its services are not known.",
        f"Described are: {', '.join(template_names(folder))}.",
        needed=False,
    )
