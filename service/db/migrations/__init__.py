"""Alembic's folder. A table that changes needs a new file in versions/; a released one is never edited."""
