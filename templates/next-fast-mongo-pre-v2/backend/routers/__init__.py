"""One router per kind of record."""
