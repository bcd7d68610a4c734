"""The text of `ln.setup.settings` and of an instance, which `lamin info` prints."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lamindb.setup import settings_files as files

if TYPE_CHECKING:
    from lamindb.setup.instance import InstanceSettings
    from lamindb.setup.setup_settings import SetupSettings

_INDENT = " - "


def settings_text(settings: SetupSettings) -> str:
    """Describe the current instance, folders and user."""
    from lamindb.setup.branch_and_space import choice_name

    lines: list[str] = []
    instance = settings.instance
    if settings.is_configured:
        lines += [
            f"{_heading('Instance:')} {instance.slug}",
            f"{_INDENT}branch: {choice_name('Branch', instance)}",
            f"{_INDENT}space: {choice_name('Space', instance)}",
            f"{_INDENT}dev-dir: {settings.dev_dir}",
            _heading("Details:"),
            *instance_lines(instance),
        ]
    else:
        lines.append(f"{_heading('Instance:')} None")
    modules = ",".join(sorted(settings.modules))
    lines += [
        _heading("Cache & settings:"),
        f"{_INDENT}cache: {settings.cache_dir_path.as_posix()}",
        f"{_INDENT}modules: {modules or chr(34) * 2}",
        f"{_INDENT}user settings: {files.settings_dir().as_posix()}",
        f"{_INDENT}system settings: {files.system_settings_file().parent.as_posix()}",
        f"{_heading('User:')} {settings.user.handle}",
    ]
    return "\n".join(lines)


def instance_lines(instance: InstanceSettings) -> list[str]:
    """Describe storage, database, modules and repository of an instance."""
    lines = []
    if instance.storage is not None:
        region = f" ({instance.storage.region})" if instance.storage.region else ""
        root = f"{instance.storage.root_as_str}{region}"
        if instance.keep_artifacts_local and instance._local_storage is not None:
            lines += [
                f"{_INDENT}local storage: {instance._local_storage.root_as_str}",
                f"{_INDENT}cloud storage: {root}",
            ]
        else:
            lines.append(f"{_INDENT}storage: {root}")
    lines += [
        f"{_INDENT}db: {hide_secrets(instance.db)}",
        f"{_INDENT}modules: {', '.join(instance.modules) or 'none'}",
        f"{_INDENT}git_repo: {instance.git_repo}",
    ]
    return lines


def hide_secrets(url: str) -> str:
    """Replace password and host of a PostgreSQL URL by `***`.

    Example:
        >>> hide_secrets("postgresql://me:secret@example.org:5432/db")
        'postgresql://me:***@***:5432/db'
    """
    if not url.startswith(("postgresql:", "postgres:")):
        return url
    parts = urlsplit(url)
    user = f"{parts.username}:***@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    query = re.sub(r"((?:host|password)=)[^&]*", r"\1***", parts.query)
    return f"{parts.scheme}://{user}***{port}{parts.path}" + (f"?{query}" if query else "")


def _heading(text: str) -> str:
    is_coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return f"\x1b[92m{text}\x1b[0m" if is_coloured else text
