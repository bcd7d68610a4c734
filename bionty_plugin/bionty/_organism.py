"""Former place of `OrganismNotSet`."""

from bionty.errors import OrganismNotSet

__all__ = ["OrganismNotSet"]
