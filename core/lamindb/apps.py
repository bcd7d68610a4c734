"""The Django app of the core."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class LaminDBConfig(AppConfig):
    """Loads the registries from `lamindb.models._registries`, because `lamindb.models` itself is a lazy façade."""

    name = "lamindb"
    label = "lamindb"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        self.models = self.apps.all_models[self.label]
        self.models_module = import_module("lamindb.models._registries")

    def ready(self) -> None:
        """Check the links of modules, which other people write."""
        if len(self.apps.app_configs) > 1:
            from lamindb.models.module_links import report_problems

            report_problems()
