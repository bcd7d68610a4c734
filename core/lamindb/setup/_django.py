"""Configures Django programmatically for the current instance, and re-points the default connection when the instance changes."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from lamindb.setup.sqlite_urls import is_read_only_url, sqlite_path

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Seconds that a writer waits for another process's transaction on SQLite before it gives up.
SQLITE_BUSY_TIMEOUT = 60
#: Seconds of inactivity after which a connection is renewed (below the usual five minutes of proxies).
CONNECTION_MAX_AGE = 299
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "0.0.0.0", "::1", "")

_lock = threading.RLock()
_is_configuring = False
_broken: str | None = None


def is_ready() -> bool:
    """Tell whether Django is set up and all registries are loaded."""
    apps_module = sys.modules.get("django.apps")
    return bool(apps_module is not None and apps_module.apps.ready)


def is_configuring() -> bool:
    """Tell whether the registries are being loaded just now."""
    return _is_configuring


def loaded_modules() -> list[str] | None:
    """Return the schema modules whose registries this process has loaded, `None` before Django is set up."""
    if not is_ready():
        return None
    from django.apps import apps

    return [config.name for config in apps.get_app_configs() if config.name != "lamindb"]


def check_modules(modules: Iterable[str]) -> None:
    """Raise if this process can't use an instance with these schema modules.

    Raises:
        RuntimeError: if Django is already set up without some of them; a new process is needed then.
    """
    loaded = loaded_modules()
    if loaded is None:
        return
    from lamindb.setup.declared_modules import mountable_packages

    missing = [package for package in mountable_packages(modules) if package not in loaded]
    if missing:
        raise RuntimeError(
            f"This process has loaded the registries without the schema modules {', '.join(missing)}. "
            "Start a new process (in a notebook: restart the kernel) and connect there."
        )


def setup_django() -> None:
    """Configure Django for the resolved instance and load the registries; does nothing the second time.

    While the registries are being loaded (they import `lamindb.models` themselves), a nested call returns at once.
    """
    global _is_configuring
    with _lock:
        if _is_configuring or is_ready():
            return
        _is_configuring = True
        try:
            from lamindb.setup import _autoconnect, settings

            _autoconnect.ensure_announced()
            instance = settings.instance
            if settings.is_configured and instance.dialect == "sqlite":
                from lamindb.setup import cloud_database

                cloud_database.open_current(instance)
            _configure(database_config(instance.db if settings.is_configured else None), list(settings.modules))
            _on_ready()
        finally:
            _is_configuring = False


def _configure(database: dict[str, Any], modules: list[str]) -> None:
    from django.apps import apps
    from django.conf import settings as django_settings

    from lamindb.setup.declared_modules import mountable_packages
    from lamindb.setup.module_apps import app_entries

    if not django_settings.configured:
        django_settings.configure(
            INSTALLED_APPS=["lamindb", *mountable_packages(modules)],
            DATABASES={"default": database},
            DATABASE_ROUTERS=["lamindb.query.write_guard.QueryOnlyRouter"],
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            TIME_ZONE="UTC",
            USE_TZ=True,
            LOGGING_CONFIG=None,
            SILENCED_SYSTEM_CHECKS=["models.W042", "fields.W340", "fields.W343"],
        )
    if _in_notebook():
        os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    if len(django_settings.INSTALLED_APPS) > 1:  # only modules depend on migrations of other packages
        from lamindb.setup import legacy_migrations

        legacy_migrations.install()
    if _shares_connections_between_contexts():
        from django.db import connections

        connections._connections = threading.local()  # type: ignore[attr-defined]
    try:
        apps.populate(app_entries(django_settings.INSTALLED_APPS))
    except Exception as error:
        raise ImportError(_broken_module_message(error)) from error


def _broken_module_message(error: Exception) -> str:
    """Say which package could not be loaded; Django can't be set up a second time in a process, so the cause is kept."""
    global _broken
    if _broken is None:
        from django.apps import apps
        from django.conf import settings as django_settings

        loaded = {config.name for config in apps.app_configs.values() if config.models_module is not None}
        package = next((name for name in django_settings.INSTALLED_APPS if name not in loaded), "lamindb")
        _broken = (
            f"The registries of {package!r} can't be loaded: {type(error).__name__}: {error}. "
            f"Mend or upgrade the package (or uninstall it: the instance can be read without it), then start a new process"
        )
    return _broken


def _on_ready() -> None:
    from lamindb.base import context
    from lamindb.setup import settings

    context.set_providers(
        branch_id=settings.current_branch_id, space_id=settings.current_space_id, user_id=settings.current_user_id
    )
    from django.db.backends.signals import connection_created

    connection_created.connect(_check_server_once)


def _check_server_once(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Compare the migrations of a PostgreSQL database when an auto-connected process first talks to it."""
    from lamindb.setup import settings, versions

    if connection.alias != "default" or connection.vendor != "postgresql" or settings.resolution is None:
        return  # files are checked on import, explicit calls check by themselves
    from django.db.backends.signals import connection_created

    connection_created.disconnect(_check_server_once)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations')")
        if cursor.fetchone()[0] is not None:
            cursor.execute("SELECT app, name FROM django_migrations")
            instance = settings.instance
            versions.report(instance.slug, versions.compare_migrations(cursor.fetchall(), instance.modules))


def _in_notebook() -> bool:
    return "ipykernel" in sys.modules or "marimo" in sys.modules or "IPython" in sys.modules


def _shares_connections_between_contexts() -> bool:
    """Tell whether connections belong to threads instead of async contexts: a notebook may run each cell in a context of its own."""
    wanted = os.environ.get("LAMINDB_DISABLE_CONNECTION_CONTEXT", "").lower()
    if wanted in ("true", "false"):
        return wanted == "true"
    kernel = getattr(sys.modules.get("ipykernel"), "__version__", "0")
    major = kernel.partition(".")[0]
    return major.isdigit() and int(major) >= 7


def use_instance(url: str | None, modules: Iterable[str]) -> None:
    """Point the default connection of this process at another database (`None`: at no instance).

    Args:
        url: database URL of the instance.
        modules: its schema modules, without the core.

    Raises:
        RuntimeError: if Django is already set up without some of the modules; a new process is needed then.
    """
    if not is_ready():
        return  # the next use of a registry configures Django with the settings in force
    from django.db import connections

    check_modules(modules)
    connections["default"].close()
    connections.settings["default"] = database_config(url)
    connections.configure_settings(connections.settings)
    del connections["default"]


def database_config(url: str | None, *, read_only: bool = False) -> dict[str, Any]:
    """Translate a database URL to Django's settings.

    Args:
        url: `sqlite:///<absolute path>`, `postgresql://user:password@host:port/name?option=value`, or `None` for no instance.
        read_only: refuse every write at the level of the database.

    Raises:
        ValueError: for any other scheme.
    """
    if url is None:
        return {"ENGINE": "lamindb.setup.backends.unconfigured", "NAME": ":memory:"}
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite_config(str(sqlite_path(url)), read_only or is_read_only_url(url))
    if parts.scheme in ("postgresql", "postgres"):
        return _postgresql_config(url, read_only)
    raise ValueError(f"{parts.scheme or url!r} is not a supported database: use sqlite:///… or postgresql://…")


def _sqlite_config(path: str, read_only: bool) -> dict[str, Any]:
    options: dict[str, Any] = {"timeout": SQLITE_BUSY_TIMEOUT, "transaction_mode": "IMMEDIATE", "read_only": read_only}
    return {
        "ENGINE": "lamindb.setup.backends.sqlite",
        "NAME": path,
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
    }


def _postgresql_config(url: str, read_only: bool) -> dict[str, Any]:
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or parts.hostname or ""
    options.setdefault("connect_timeout", os.environ.get("PGCONNECT_TIMEOUT", "20"))
    options.setdefault("gssencmode", "disable")
    is_local = host in _LOCAL_HOSTS or host.startswith("/")
    if not is_local and os.environ.get("LAMIN_DB_SSL_REQUIRE", "true").lower() != "false":
        options.setdefault("sslmode", "require")
    if read_only:
        options["options"] = f"{options.get('options', '')} -c default_transaction_read_only=on".strip()
    return {
        "ENGINE": "lamindb.setup.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": CONNECTION_MAX_AGE,
        "CONN_HEALTH_CHECKS": True,
    }
