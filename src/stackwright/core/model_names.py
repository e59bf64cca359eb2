"""What the name of a model tells about it."""

import re

_SEES = re.compile(
    r"claude-(?!2|instant)|gpt-4o|gpt-4\.[1-9]|gpt-4-turbo|chatgpt-4o|gpt-[5-9]|\bo[134](?!-mini-2024)\b|"
    r"gemini|grok-(?!3|code)[4-9]|pixtral|mistral-(medium|large|small)|llava|llama-?(3\.2.*vision|[4-9])|"
    r"gemma-?[3-9]|nova-(lite|pro|premier)|vision|[-_.:/]?vl\b|\dvl\b|minicpm-v|kimi-k2\.[5-9]|glm-\d[.\d]*v"
)
"""Names of models that take pictures, as of 2026. MODEL_TAKES_IMAGES overrides it."""
_BLIND = re.compile(r"gpt-5-codex-mini|gpt-oss|codestral|gemma-?3-?1b|o1-mini|o3-mini")


def takes_images(name: str) -> bool:
    """Whether a model of this name most likely takes pictures."""
    plain = name.lower()
    return bool(_SEES.search(plain)) and not _BLIND.search(plain)
