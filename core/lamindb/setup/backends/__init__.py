"""Django database engines: SQLite and PostgreSQL as lamindb uses them, and one that says that no instance is connected."""
