"""What plugins contribute: small frozen dataclasses that hooks yield.

Heavy parts are *references*, strings `"package.module:attribute"`, so that declaring them imports nothing. They are imported by
`Declaration.resolve` when they are first used. Each field documents the signature with which the core calls what it refers to.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib import import_module
from typing import Any, ClassVar, NamedTuple, TypeAlias

from lamindb.plugins.errors import PluginImportError

#: A heavy part: `"package.module:attribute"`.
Reference: TypeAlias = str

_REFERENCE = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")


class StorageProblem(NamedTuple):
    """What an error of a file system means: its kind and a sentence for the user that says what helps.

    Kinds are `unreachable` (worth another try), `silent` (connected, but no answer in the time that it has), `denied` and `missing`.
    """

    kind: str
    message: str


class ContentHash(NamedTuple):
    """Hash of a stored object in the form that artifacts have, and its type, such as `md5` or `md5-etag`."""

    hash: str
    hash_type: str


@functools.cache
def load_object(reference: Reference, plugin: str = "") -> Any:
    """Import what a reference names; the second call costs nothing.

    Args:
        reference: `"package.module:attribute"`; the attribute may have dots.
        plugin: name of the plugin that declared it, for the message.

    Raises:
        PluginImportError: if the module or the attribute can't be imported; the message names plugin, attribute and mend.

    Example:
        >>> load_object("json:loads")("[1, 2]")
        [1, 2]
    """
    who = f"the plugin {plugin!r}" if plugin else "a plugin"
    module_name, _, attribute = reference.partition(":")
    try:
        found = import_module(module_name)
    except ImportError as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) and error.name else None
        if missing is None or module_name == missing or module_name.startswith(f"{missing}."):
            mend = f"correct the reference or reinstall {who}"
        else:
            mend = f"install the package that brings {missing!r}, usually: pip install {missing.partition('.')[0]}"
        raise PluginImportError(f"{who} needs {reference!r}, which can't be imported ({error}): {mend}") from error
    for name in attribute.split("."):
        try:
            found = getattr(found, name)
        except AttributeError as error:
            raise PluginImportError(
                f"{who} needs {reference!r}, but {module_name} has no {attribute!r}: correct the reference or update {who}"
            ) from error
    return found


@dataclass(frozen=True)
class Declaration:
    """Base of everything that hooks yield."""

    #: Name of the plugin that yielded it; the manager sets it.
    plugin: str = field(default="", kw_only=True, compare=False)

    #: Names of the fields that are references.
    _references: ClassVar[tuple[str, ...]] = ()
    #: Names of the fields that are tuples of strings.
    _tuples: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        for name in self._tuples:
            value = getattr(self, name)
            if isinstance(value, str) or not all(isinstance(item, str) for item in value):
                raise TypeError(
                    f"{type(self).__name__}({name}={value!r}): pass a tuple of strings, such as ({str(value)!r},)"
                )
            object.__setattr__(self, name, tuple(value))
        for name in self._references:
            value = getattr(self, name)
            if value is not None and not (isinstance(value, str) and _REFERENCE.match(value)):
                raise ValueError(f"{type(self).__name__}({name}={value!r}): write it as 'package.module:attribute'")

    @property
    def label(self) -> str:
        """What the declaration is called in lists and messages."""
        return str(getattr(self, fields(type(self))[1].name))

    def resolve(self, part: str) -> Any:
        """Import a heavy part by its field name.

        Raises:
            NotImplementedError: if this declaration doesn't have that part.
            PluginImportError: if it can't be imported.

        Example:
            >>> DataFormat("dict", (".json",), loader="json:loads").resolve("loader")("{}")
            {}
        """
        if part not in self._references:
            raise AttributeError(f"{type(self).__name__} has no part {part!r}, only {', '.join(self._references)}")
        reference = getattr(self, part)
        if reference is None:
            raise NotImplementedError(
                f"{type(self).__name__} {self.label!r} of the plugin {self.plugin!r} has no {part}"
            )
        return load_object(reference, self.plugin)


@dataclass(frozen=True)
class SchemaModule(Declaration):
    """A package of registries that an instance can mount."""

    #: Name in an instance's module list, such as `"bionty"`.
    name: str
    #: Importable Django app package, such as `"bionty"`; it has `models` and `migrations`.
    app: str
    #: Django label of the app, the prefix of dtypes (`bionty.CellType`); default: the last part of `app`.
    app_label: str | None = field(default=None, kw_only=True)
    #: Class names of the registries, in the order of listings; empty: all registries of the app, by name.
    registries: tuple[str, ...] = field(default=(), kw_only=True)
    #: Heading of its section in `describe()`; default: the capitalised name.
    title: str | None = field(default=None, kw_only=True)
    #: Names of other modules whose tables its migrations refer to; `init` mounts them too, before this one.
    requires: tuple[str, ...] = field(default=(), kw_only=True)
    #: `on_init(instance: InstanceSettings) -> None` seeds records, once, after the tables of a connected instance were
    #: created.
    on_init: Reference | None = field(default=None, kw_only=True)
    #: `first_rows(database: RawDatabase, user_id: int) -> None` writes rows with plain SQL, in the transaction that makes
    #: the tables and without Django, so that `init` stays fast; before `on_init`.
    first_rows: Reference | None = field(default=None, kw_only=True)
    #: Modules with a smaller position come first where modules are listed; then by name.
    position: int = field(default=100, kw_only=True)
    #: Whether an environment without instance and without settings has the module.
    is_default: bool = field(default=False, kw_only=True)
    #: Number from which on migration names that the package lacks are those of the original package, whose history its
    #: first migration replaces.
    legacy_migrations_from: int | None = field(default=None, kw_only=True)

    _references: ClassVar[tuple[str, ...]] = ("on_init", "first_rows")
    _tuples: ClassVar[tuple[str, ...]] = ("registries", "requires")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not re.match(r"^[A-Za-z_]\w*(-\w+)*$", self.name):
            raise ValueError(f"SchemaModule(name={self.name!r}): a module name has letters, digits, '_' and '-'")
        object.__setattr__(self, "app_label", self.app_label or self.app.rpartition(".")[2])
        object.__setattr__(self, "title", self.title or self.name.capitalize())


@dataclass(frozen=True)
class ReferenceSource(Declaration):
    """A public vocabulary behind a registry, asked when a value is in no record.

    All calls pass the registry class, the values, the name of the field they belong to, and the scope of the question (such as
    `organism="human"`) as keywords; a source ignores scope that it doesn't know.
    """

    #: What people call the source and its version, such as `"cl 2025-02-13"`; shown in messages.
    name: str
    #: Qualified name of the registry, such as `"bionty.CellType"`.
    registry: str
    #: `validate(registry, values: list[str], field: str, **scope) -> set[str]` returns the values that the vocabulary
    #: knows.
    validate: Reference = field(kw_only=True)
    #: `records(registry, values: list[str], field: str, **scope) -> dict[str, dict | list[dict]]` gives the field values
    #: of a record (or of several, where a value is ambiguous) for each known value.
    records: Reference | None = field(default=None, kw_only=True)
    #: `standardize(registry, values: list[str], field: str, **scope) -> dict[str, str]` maps synonyms to the standard
    #: value.
    standardize: Reference | None = field(default=None, kw_only=True)
    #: `obsolete(registry, values: list[str], field: str, **scope) -> dict[str, str | None]` maps obsolete values to
    #: their replacement.
    obsolete: Reference | None = field(default=None, kw_only=True)
    #: `convert(registry, values: list[str], field: str, target: str, **scope) -> dict[str, Any]` maps standard values to what
    #: their terms have in another field.
    convert: Reference | None = field(default=None, kw_only=True)

    _references: ClassVar[tuple[str, ...]] = ("validate", "records", "standardize", "obsolete", "convert")


@dataclass(frozen=True)
class StorageBackend(Declaration):
    """A kind of storage, addressed by the protocol of its paths."""

    #: Protocols without `://`, such as `("gs", "gcs")`; the first is the storage type. Local paths have `"local"`.
    protocols: tuple[str, ...]
    #: fsspec file system class; `None`: fsspec knows the protocol by itself.
    filesystem: Reference | None = field(default=None, kw_only=True)
    #: `UPath` class of universal-pathlib; `None`: the one it knows, else a class for bucket-like paths.
    path_class: Reference | None = field(default=None, kw_only=True)
    #: `credentials(path: UPath) -> dict[str, Any]` returns fsspec storage options for the path.
    credentials: Reference | None = field(default=None, kw_only=True)
    #: `region(path: UPath) -> str | None` returns where the data lies.
    region: Reference | None = field(default=None, kw_only=True)
    #: `content_hash(info: dict) -> ContentHash | None` reads the hash of an object from its fsspec `info`, without
    #: reading the object.
    content_hash: Reference | None = field(default=None, kw_only=True)
    #: `modified(info: dict) -> float | None` reads the time of modification, in seconds since 1970, from fsspec `info`.
    modified: Reference | None = field(default=None, kw_only=True)
    #: `create_exclusive(path: UPath, content: bytes) -> bool` writes a file only if there is none; tells whether it
    #: did. For locks.
    create_exclusive: Reference | None = field(default=None, kw_only=True)
    #: `object_hash(path: UPath, info: dict) -> ContentHash | None` is asked before `content_hash` for a single object, and may
    #: ask the store for more than `info` tells.
    object_hash: Reference | None = field(default=None, kw_only=True)
    #: `problem(error: BaseException, path: UPath) -> StorageProblem | None` says what an error of the file system means;
    #: `unreachable` is tried again, `silent` only while little time has gone by.
    problem: Reference | None = field(default=None, kw_only=True)
    #: `prepare(filesystem) -> None` sets what the constructor of the file system does not take, before lamindb calls it.
    prepare: Reference | None = field(default=None, kw_only=True)
    #: `program_environment(path: UPath, via: str, folder: Path) -> dict[str, str | None]` returns the variables with which another
    #: program opens the path: `via` is `env`, `file` or `process`; `folder` is private and goes when the program has ended.
    program_environment: Reference | None = field(default=None, kw_only=True)
    #: `is_writable(path: UPath) -> bool` tells whether something can be written, where trying it would leave traces.
    is_writable: Reference | None = field(default=None, kw_only=True)
    #: `discard_unfinished(path: UPath) -> int` removes what broken-off uploads of an object, or of objects below a folder, left;
    #: returns their number.
    discard_unfinished: Reference | None = field(default=None, kw_only=True)
    #: `object_version(path: UPath) -> str | None` returns what changes whenever an object is written (ETag, generation), `None` if
    #: there is no object.
    object_version: Reference | None = field(default=None, kw_only=True)
    #: `replace_object(path: UPath, content: bytes, version: str | None) -> str | None` writes an object only if its version still
    #: is this one (`None`: if there is none), which the store decides; returns the new version, `None` if nothing was written. It
    #: raises `io.UnsupportedOperation` where the store can't decide. For locks, and databases of instances.
    replace_object: Reference | None = field(default=None, kw_only=True)
    #: Whether renaming a file is one step that others see entirely or not at all.
    rename_is_atomic: bool = field(default=False, kw_only=True)
    #: Whether nothing can be written, as on web servers.
    is_read_only: bool = field(default=False, kw_only=True)

    _references: ClassVar[tuple[str, ...]] = (
        "filesystem", "path_class", "credentials", "region", "content_hash", "modified", "create_exclusive", "object_hash",
        "problem", "prepare", "program_environment", "is_writable", "discard_unfinished", "object_version", "replace_object",
    )  # fmt: skip
    _tuples: ClassVar[tuple[str, ...]] = ("protocols",)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.protocols:
            raise ValueError("StorageBackend(protocols=()): name at least one protocol")
        for protocol in self.protocols:
            if not re.match(r"^[a-z][a-z0-9+_.-]+$", protocol):
                raise ValueError(
                    f"StorageBackend(protocols={self.protocols!r}): write {protocol!r} in lower case, without '://'"
                )

    @property
    def label(self) -> str:
        return ", ".join(self.protocols)

    def storage_options(self, path: Any) -> dict[str, Any]:
        """Return the fsspec storage options (credentials, endpoint, time-outs) that the backend knows for a path."""
        return dict(self.resolve("credentials")(path)) if self.credentials else {}

    def region_of(self, path: Any) -> str | None:
        """Return where the data of a path lies, if the backend can tell."""
        return self.resolve("region")(path) if self.region else None

    def hash_of(self, info: Mapping[str, Any]) -> ContentHash | None:
        """Return the content hash that the store itself keeps, read from fsspec `info`."""
        return self.resolve("content_hash")(info) if self.content_hash else None

    def modified_at(self, info: Mapping[str, Any]) -> float | None:
        """Return the time of modification in seconds since 1970, read from fsspec `info`."""
        return self.resolve("modified")(info) if self.modified else None


@dataclass(frozen=True)
class DataFormat(Declaration):
    """A kind of data: how to recognise, write, load, open and count it."""

    #: Object type that artifacts store, such as `"AnnData"`; `None` for formats without one, such as plain text.
    otype: str | None
    #: Suffixes of paths that are this format, with dot, also of several parts (`.h5ad`, `.h5ad.gz`, `.anndata.zarr`);
    #: case doesn't matter.
    suffixes: tuple[str, ...]
    #: Suffixes that other formats have too (`.zarr`); `recognises` decides by content.
    shared_suffixes: tuple[str, ...] = field(default=(), kw_only=True)
    #: Suffixes of files that together are one dataset: a folder that holds nothing but files of one of them is this format.
    sharded_suffixes: tuple[str, ...] = field(default=(), kw_only=True)
    #: Suffixes that `writer` writes, the default first; default: all of `suffixes`.
    written_suffixes: tuple[str, ...] = field(default=(), kw_only=True)
    #: Classes of objects in memory as `"package:Class"`: `"pandas:DataFrame"` is a class `DataFrame`, or one derived
    #: from it, of any module in `pandas`.
    classes: tuple[str, ...] = field(default=(), kw_only=True)
    #: `recognises(path: Path | UPath) -> bool` tells from the content of a file or folder with a shared suffix whether it
    #: is this format; of a remote one only when it is opened.
    recognises: Reference | None = field(default=None, kw_only=True)
    #: `writer(obj, path: Path, **kwargs) -> None` writes an object to a new file or folder; the suffix of the path
    #: decides the encoding.
    writer: Reference | None = field(default=None, kw_only=True)
    #: `loader(path: Path, **kwargs) -> object` reads a local file or folder into memory.
    loader: Reference | None = field(default=None, kw_only=True)
    #: `opener(path: Path | UPath, mode: str = "r", **kwargs) -> accessor` opens local or remote data lazily. In other
    #: modes than `"r"` it is passed `on_change`, a function without arguments that it calls once, after the data was
    #: closed, if the data was changed: the artifact then gets a new version.
    opener: Reference | None = field(default=None, kw_only=True)
    #: Suffixes that `opener` opens, also those of formats that have no opener (`.json`); default: all of the above.
    opened_suffixes: tuple[str, ...] = field(default=(), kw_only=True)
    #: Libraries with which `opener` opens, the default first; the one that a user names is passed as `engine`. Empty:
    #: `opener` has no such choice.
    engines: tuple[str, ...] = field(default=(), kw_only=True)
    #: `set_opener(paths: list[Path | UPath], **kwargs) -> accessor` opens the data of several artifacts as one, in the
    #: order of the paths; gets `engine` as `opener` does.
    set_opener: Reference | None = field(default=None, kw_only=True)
    #: `mapper(paths: list[Path | UPath], **kwargs) -> dataset` makes one map-style dataset (`len`, `[i]`) for training;
    #: `kwargs` are the arguments of `Collection.mapped`.
    mapper: Reference | None = field(default=None, kw_only=True)
    #: Modes besides `"r"` that `opener` takes, such as `("r+",)`.
    write_modes: tuple[str, ...] = field(default=(), kw_only=True)
    #: Suffixes of data that `opener` changes in place; default: all that it opens.
    changed_suffixes: tuple[str, ...] = field(default=(), kw_only=True)
    #: `counter(data: object | Path | UPath) -> int | None` returns the number of observations, of a path without
    #: loading its data.
    counter: Reference | None = field(default=None, kw_only=True)
    #: `concatenator(objects: list, *, keys: list[str], join: str, **kwargs) -> object` joins the data of a collection;
    #: `keys` are artifact uids.
    concatenator: Reference | None = field(default=None, kw_only=True)

    _references: ClassVar[tuple[str, ...]] = (
        "recognises", "writer", "loader", "opener", "set_opener", "mapper", "counter", "concatenator",
    )  # fmt: skip
    _suffix_tuples: ClassVar[tuple[str, ...]] = (
        "suffixes", "shared_suffixes", "sharded_suffixes", "written_suffixes", "opened_suffixes", "changed_suffixes",
    )  # fmt: skip
    _tuples: ClassVar[tuple[str, ...]] = (*_suffix_tuples, "classes", "engines", "write_modes")

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in self._suffix_tuples:
            for suffix in getattr(self, name):
                if not re.match(r"^(\.[^./\\]+)+$", suffix):
                    raise ValueError(f"DataFormat({name}=…{suffix!r}…): a suffix starts with a dot, such as '.h5ad'")
            object.__setattr__(self, name, tuple(suffix.lower() for suffix in getattr(self, name)))
        object.__setattr__(self, "written_suffixes", self.written_suffixes or self.suffixes)
        object.__setattr__(self, "opened_suffixes", self.opened_suffixes or (*self.suffixes, *self.shared_suffixes))
        object.__setattr__(self, "changed_suffixes", self.changed_suffixes or self.opened_suffixes)
        if not self.suffixes and not self.shared_suffixes and not self.classes:
            raise ValueError("DataFormat() needs suffixes or classes, otherwise nothing is recognised as this format")
        if self.shared_suffixes and self.recognises is None:
            raise ValueError(
                f"DataFormat(shared_suffixes={self.shared_suffixes!r}) needs `recognises`, which decides by content"
            )
        for name in self.classes:
            if not re.match(r"^\w+(\.\w+)*:\w+$", name):
                raise ValueError(f"DataFormat(classes=…{name!r}…): write it as 'package:Class'")

    @property
    def label(self) -> str:
        return self.otype or ", ".join(self.suffixes)

    def write_modes_of(self, suffix: str) -> tuple[str, ...]:
        """Return the modes besides `"r"` in which data with a suffix can be opened."""
        return self.write_modes if suffix.lower() in self.changed_suffixes else ()

    def suffix_for(self, format: str | None = None) -> str:
        """Return the suffix under which an object is written.

        Args:
            format: suffix with or without dot, such as a user's `format="zarr"`; `None` is the default.

        Raises:
            ValueError: if the format isn't written with that suffix; the message lists those that are.

        Example:
            >>> DataFormat("AnnData", (".h5ad", ".anndata.zarr")).suffix_for("anndata.zarr")
            '.anndata.zarr'
        """
        if not self.written_suffixes:
            raise ValueError(
                f"{self.label} objects can't be written: the plugin {self.plugin!r} declares no suffix for them"
            )
        suffix = self.written_suffixes[0] if format is None else f".{format.removeprefix('.')}".lower()
        if suffix not in self.written_suffixes:
            raise ValueError(
                f"{self.label} can't be written as {suffix!r}: use one of {', '.join(self.written_suffixes)}"
            )
        return suffix


@dataclass(frozen=True)
class CuratorSpec(Declaration):
    """How a schema with an `otype` applies to an object: which tables its slots are. The core validates the tables."""

    #: Object type of schemas and of the data format, such as `"AnnData"`.
    otype: str
    #: `get_table(dataset, slot: str)` returns the table of a slot (`"obs"`, `"var.T"`): a table of pandas, polars or pyarrow;
    #: a dictionary, which is a table of one row; or an object with the face of `lamindb.curators.frames.Table`, which may
    #: have a method `scan(plan, client)` to be looked at in parts. Raises `ValueError` that lists the slots for an unknown one.
    get_table: Reference = field(kw_only=True)
    #: `set_table(dataset, slot: str, table: pandas.DataFrame) -> None` puts a coerced or standardised table back.
    set_table: Reference | None = field(default=None, kw_only=True)
    #: `slots(dataset) -> list[str]` lists the slots that the dataset has, for messages.
    slots: Reference | None = field(default=None, kw_only=True)
    #: Public curator class, reachable as `ln.curators.<its name>`.
    curator: Reference | None = field(default=None, kw_only=True)

    _references: ClassVar[tuple[str, ...]] = ("get_table", "set_table", "slots", "curator")

    @property
    def curator_name(self) -> str | None:
        """Name of the public curator class, without importing it."""
        return self.curator.rpartition(":")[2] if self.curator else None


@dataclass(frozen=True)
class Command(Declaration):
    """A verb of the command line, `lamin <name>`."""

    #: The verb, in lower case, such as `"sync-lims"`.
    name: str
    #: A click command or group; imported when the verb is called or its own help is asked.
    command: Reference
    #: One line for `lamin --help`, so that listing the verbs imports nothing.
    help: str = field(default="", kw_only=True)

    _references: ClassVar[tuple[str, ...]] = ("command",)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not re.match(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", self.name):
            raise ValueError(f"Command(name={self.name!r}): a verb has lower-case letters, digits and single '-'")


@dataclass(frozen=True)
class Integration(Declaration):
    """A name in `ln.integrations`."""

    #: The name, such as `"save_vitessce_config"`.
    name: str
    #: What the name gives: `"package.module:attribute"`, or `"package.module"` for a whole module.
    target: str
    #: One line that says what it is for.
    summary: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.name.isidentifier() or self.name.startswith("_"):
            raise ValueError(f"Integration(name={self.name!r}): it has to be a public Python name")
        if not (_REFERENCE.match(self.target) or _REFERENCE.match(f"{self.target}:x")):
            raise ValueError(
                f"Integration(target={self.target!r}): write it as 'package.module' or 'package.module:attribute'"
            )

    def load(self) -> Any:
        """Import and return the integration.

        Raises:
            PluginImportError: if it, or a library that it needs, can't be imported.
        """
        if ":" in self.target:
            return load_object(self.target, self.plugin)
        package, _, module = self.target.rpartition(".")
        try:
            return import_module(self.target)
        except ImportError as error:
            missing = getattr(error, "name", None) or module or package
            raise PluginImportError(
                f"the integration {self.name!r} of the plugin {self.plugin!r} can't be imported ({error}); if a library is "
                f"missing: pip install {str(missing).partition('.')[0]}"
            ) from error


@dataclass(frozen=True)
class DemoPart(Declaration):
    """A part of `lamin demo`: what a plugin does, shown on real data in the instance that the demo makes."""

    #: Name of the part.
    name: str
    #: `run(folder: Path, say: Callable[[str, str], None]) -> None` does it; `say(title, statement)` announces each
    #: statement before it runs, and what is printed is what users see. The current instance has all installed modules.
    run: Reference = field(kw_only=True)
    #: Parts with a smaller position come first; those of the core have 0.
    position: int = field(default=100, kw_only=True)

    _references: ClassVar[tuple[str, ...]] = ("run",)
