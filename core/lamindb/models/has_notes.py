"""Mixin for registries whose records have readmes: reads the latest one."""

from __future__ import annotations


class HasNotes:
    """Adds `notes`."""

    @property
    def notes(self) -> str | None:
        """Markdown of the latest readme of the record, `None` if it has none.

        Write one with the block class of the registry, e.g. `ln.models.ProjectBlock(project=…, kind="readme", content="…").save()`.
        """
        if self.pk is None:
            return None
        readmes = self.ablocks.filter(kind="readme", is_latest=True)
        return readmes.order_by("-created_at", "-id").values_list("content", flat=True).first()
