"""`ln.view`: the latest records of every registry."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from lamindb.base.notebook import in_notebook

if TYPE_CHECKING:
    import pandas as pd

_CORE = "core"


def view(
    *,
    limit: int = 7,
    modules: str | None = None,
    registries: list[str] | None = None,
    df: pd.DataFrame | None = None,
    using: str | None = None,
) -> None:
    """Print the latest records of each registry that has any, per module.

    Args:
        limit: number of records per registry.
        modules: show one module only: `"core"` or the name of a schema module, such as `"bionty"`.
        registries: names of registries to show; unknown ones are ignored.
        df: show this data frame instead, with a second header row that tells the dtypes of the features.
        using: alias of an opened database (default: the connected instance).

    Raises:
        ImportError: if the module is not installed.
        ModuleWasntConfigured: if it is installed, but the instance does not mount it.

    Example:
        >>> ln.view(limit=3, registries=["ULabel"])
    """
    if df is not None:
        _show(_with_feature_dtypes(df))
        return
    chosen = _registries_by_module(modules, using)
    for module, members in chosen.items():
        if len(chosen) > 1:
            print(f"{'*' * (len(module) + 15)}\n* module: {module} {'*' * 3}\n{'*' * (len(module) + 15)}")
        for registry in members:
            if registries is None or registry.__name__ in registries:
                _show_latest(registry, limit, using)


def _registries_by_module(module: str | None, using: str | None) -> dict[str, list[Any]]:
    from django.apps import apps

    from lamindb.base.registries import all_registries

    labels = [config.label for config in apps.get_app_configs()]
    if module is not None and module not in (_CORE, *labels):
        if find_spec(module.replace("-", "_").partition(".")[0]) is not None:
            from lamindb.setup import settings
            from lamindb.setup.errors import ModuleWasntConfigured

            raise ModuleWasntConfigured(module, settings.instance.slug if settings.is_configured else None)
        raise ImportError(f"schema module '{module}' is not installed → resolve via `pip install {module}`")
    tables = _tables(using)
    found: dict[str, list[Any]] = {}
    for registry in sorted(all_registries(), key=lambda registry: registry.__name__):
        label = registry._meta.app_label
        name = _CORE if label == "lamindb" else label
        if module in (None, name, label) and hasattr(registry, "restore") and registry._meta.db_table in tables:
            found.setdefault(name, []).append(registry)
    return dict(
        sorted(
            found.items(), key=lambda item: (item[0] != _CORE, labels.index("lamindb" if item[0] == _CORE else item[0]))
        )
    )


def _tables(using: str | None) -> set[str]:
    """Names of the tables that the database has: another instance may have fewer modules."""
    from django.db import DEFAULT_DB_ALIAS, connections

    return set(connections[using or DEFAULT_DB_ALIAS].introspection.table_names())


def _show_latest(registry: Any, limit: int, using: str | None) -> None:
    from lamindb.query.dataframe import to_dataframe
    from lamindb.query.query_set import QuerySet, query_set_class

    records = query_set_class(QuerySet, registry)(model=registry, using=using).filter()
    frame = to_dataframe(records, limit=limit, warn_truncated=False)
    if len(frame) > 0:
        _show_title(registry.__name__)
        _show(frame)


def _show_title(name: str) -> None:
    if in_notebook():
        from IPython.display import HTML, display

        display(HTML(f"<b>{name}</b>"))
    else:
        print(name)


def _show(frame: pd.DataFrame) -> None:
    if in_notebook():
        from IPython.display import display

        display(frame)
    else:
        print(frame)


def _with_feature_dtypes(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    from lamindb.base.registries import registry

    names = [str(column) for column in frame.columns]
    dtypes = dict(registry("Feature").filter(name__in=names).order_by("-id").values_list("name", "_dtype_str"))
    shown = frame.copy(deep=False)
    shown.columns = pd.MultiIndex.from_tuples([(name, dtypes.get(name) or "") for name in names])
    return shown
