"""Schemas as the model reads them."""

import json
from typing import Any

from pydantic import BaseModel, Field

from stackwright.tools.registry import all_tools
from stackwright.tools.schemas import LIMITS, compact


class Part(BaseModel):
    """A part."""

    title: str = Field(max_length=5, description="Its title.")
    default: int | float | None = None


class Whole(BaseModel):
    parts: list[Part] = Field(description="All parts.", min_length=1)
    first: Part | None = None
    kind: str = "plain"
    is_new: bool = False
    is_kept: bool = True


def test_what_says_nothing_is_left_out_and_properties_called_so_stay() -> None:
    schema = compact(Whole.model_json_schema(), without=LIMITS)
    part = {
        "type": "object",
        "properties": {
            "title": {"type": "string", "description": "Its title."},
            "default": {"type": "number"},
        },
        "required": ["title"],
    }
    assert schema == {
        "type": "object",
        "required": ["parts"],
        "properties": {
            "parts": {"type": "array", "description": "All parts.", "items": part},
            "first": {**part, "description": "A part."},
            "kind": {"type": "string", "default": "plain"},
            "is_new": {"type": "boolean"},
            "is_kept": {"type": "boolean", "default": True},
        },
    }


def test_limits_stay_where_they_are_wanted() -> None:
    assert compact(Part.model_json_schema())["properties"]["title"]["maxLength"] == 5


def test_the_schemas_of_scaffolding_are_short_and_name_all_that_can_be_said() -> None:
    schemas = [tool.schema() for tool in all_tools(search_provider=None)]
    scaffold = {each["name"]: each for each in schemas if each["name"].startswith("scaffold_")}
    assert sum(len(json.dumps(each, separators=(",", ":"))) for each in scaffold.values()) < 6100
    spec: Any = scaffold["scaffold_app"]["input_schema"]["properties"]["spec"]
    entity = spec["properties"]["entities"]["items"]
    assert set(entity["properties"]) >= {"name", "plural", "title_field", "parent", "filters"}
    field = entity["properties"]["fields"]["items"]["properties"]
    assert set(field) >= {"name", "type", "choices", "target", "on_delete", "computed", "minimum"}
    assert "reference" in field["type"]["enum"]
