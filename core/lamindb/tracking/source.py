"""Which code runs: the file of a script or function, or its text, and the key that a transform of it gets."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from lamindb.base.logging import logger
from lamindb.storage.hashing import hash_string


@dataclass(frozen=True)
class Source:
    """Code that runs: its text (`None` if it can't be found), key, kind, hash of the whole text, and its file, if there is one."""

    key: str
    kind: str
    text: str | None
    path: Path | None = None

    @property
    def hash(self) -> str | None:
        """Hash of the text as it is, secrets included."""
        return None if self.text is None else hash_string(self.text)

    @property
    def is_python(self) -> bool:
        """Whether the code is Python."""
        return self.path is None or self.path.suffix in (".py", ".pyw", "")


def source_of_caller(frame: FrameType | None) -> Source:
    """Return the script that a frame runs.

    Raises:
        NotImplementedError: if the code is in no file.
    """
    name = frame.f_code.co_filename if frame is not None else ""
    path = Path(name)
    if not name or not path.is_file():
        raise NotImplementedError(
            f"Cannot determine valid file path, pass manually via path=...: the code that called track() is in no file ({name or 'unknown'!r}). "
            "In an interactive session, pass path= of a script, or key= and source_code=, or a transform: "
            'ln.track(ln.Transform(key="my analysis").save())'
        )
    module = frame.f_globals.get("__name__") if frame is not None else None
    return source_of_file(path, module=module)


def source_of_file(path: str | Path, *, key: str | None = None, module: str | None = None) -> Source:
    """Return the code of a file.

    Raises:
        FileNotFoundError: if there is no such file.
    """
    file = Path(path).expanduser().resolve()
    if not file.is_file():
        raise FileNotFoundError(f"There is no file {str(path)!r} to track: pass the path of the script")
    kind = "notebook" if file.suffix in (".Rmd", ".qmd", ".ipynb") else "script"
    if kind == "notebook" and file.suffix == ".ipynb":
        raise NotImplementedError(
            f"Notebooks can't be tracked in this release ({file.name}): track a script, or pass key= and source_code="
        )
    text = file.read_bytes().decode("utf-8", "replace")
    return Source(key or _key_of(file, module), kind, text, file)


def source_of_function(function: Callable[..., Any], key_of_caller: str | None) -> Source:
    """Return the file that a function is in, or its own text, or its bare name if there is none.

    Args:
        function: a function.
        key_of_caller: key of the transform that calls it, which keys a function without file.
    """
    code = inspect.unwrap(function)
    file = getattr(getattr(code, "__code__", None), "co_filename", None)
    if file and not file.startswith("<") and Path(file).is_file():
        return source_of_file(file, module=getattr(code, "__module__", None))
    try:
        text: str | None = inspect.getsource(code)
    except (OSError, TypeError):
        text = None
    name = getattr(code, "__qualname__", type(code).__name__).replace("<locals>.", "")
    return Source(f"{key_of_caller}/{name}" if key_of_caller else name, "function", text)


def _key_of(file: Path, module: str | None) -> str:
    if module is not None and "." in module:
        return f"pypackages/{module.replace('.', '/')}.py"
    from lamindb.setup import settings

    folder = settings.dev_dir
    if folder is None:
        return file.name
    root = Path(folder).resolve()
    if file.is_relative_to(root):
        return file.relative_to(root).as_posix()
    logger.warning("%s is not in the dev-dir %s, falling back to using filename as transform key", file, root)
    return file.name


def command_line() -> list[str]:
    """Return the arguments that a script was called with."""
    return [] if "IPython" in sys.modules and hasattr(sys, "ps1") else list(sys.argv[1:])
