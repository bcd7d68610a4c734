"""SQLite engine."""
