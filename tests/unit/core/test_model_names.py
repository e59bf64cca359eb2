import pytest

from stackwright.core.model_names import takes_images


@pytest.mark.parametrize(
    "name",
    [
        *("claude-sonnet-4-5-20250929", "anthropic:claude-opus-4-1", "claude-3-haiku-20240307"),
        *(
            "openai:gpt-4o",
            "openai:gpt-4.1",
            "openai:gpt-5",
            "openai:o3",
            "google_genai:gemini-2.5-pro",
        ),
        *(
            "mistralai:pixtral-large-latest",
            "ollama:llava",
            "ollama:qwen2.5vl:7b",
            "ollama:gemma3:4b",
        ),
        *("openai:qwen3-vl-235b", "ollama:llama3.2-vision", "ollama:llama4", "xai:grok-4"),
    ],
)
def test_these_take_pictures(name: str) -> None:
    assert takes_images(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "offline",
            "openai:gpt-3.5-turbo",
            "ollama:qwen3-coder",
            "claude-2.1",
            "openai:gpt-oss-120b",
        ),
        *(
            "deepseek:deepseek-chat",
            "ollama:llama3.1",
            "mistralai:codestral-latest",
            "openai:o3-mini",
        ),
    ],
)
def test_these_do_not(name: str) -> None:
    assert not takes_images(name)
