# stackwright: placeholder, replaced when the application is generated
"""Changes to stored records, oldest first. Each is applied once, when the application starts."""

from migrate import Migration

MIGRATIONS: tuple[Migration, ...] = ()
