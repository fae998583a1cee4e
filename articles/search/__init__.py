"""Finding reports by what they say (PostgreSQL's full text search, and nothing beside it)."""
