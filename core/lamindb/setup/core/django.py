"""How Django is set up: public names of `lamindb.setup._django`."""

from lamindb.setup._django import database_config, is_ready, setup_django, use_instance

__all__ = ["database_config", "is_ready", "setup_django", "use_instance"]
