"""Tells Django where the registries are: `pertdb.models` itself is a façade that loads them when they are first used."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PertdbConfig(AppConfig):
    """The app of the registries."""

    name = "pertdb"
    #: The first migration completes the tables of the app that this one was called before.
    takes_over_tables = True

    def import_models(self) -> None:
        self.models_module = import_module("pertdb.models._registries")
        self.models = self.apps.all_models[self.label]  # type: ignore[union-attr]
