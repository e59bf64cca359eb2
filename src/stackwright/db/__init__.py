"""SQL lives here only, one file per kind of record, in one style per kind of statement.

Plain reads and changes of our own tables are SQLAlchemy expressions, inside the caller's `Transaction`.
A statement that does several things at once (CTEs), or uses another library's tables, is SQL text with
`%(name)s` placeholders; it goes through `Fetch`, alone or `within` a transaction.
"""
