# stackwright: placeholder, replaced when the application is generated
"""All kinds of records, by the name of their collection."""

from entity import Entity

ENTITIES: dict[str, Entity] = {}
