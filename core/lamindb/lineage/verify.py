"""Checks, without running it, whether a script tells lamindb about all files that it reads and writes."""

from __future__ import annotations

import ast
import json
import mimetypes
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

_PACKAGE = "lamindb"
_URI = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]+://\S+$")
_ANCHORED = re.compile(r"^(?:~|\.{1,2})?/[^\s:*?\"<>|]+$")
_RELATIVE = re.compile(r"^[\w.\-]+(?:/[\w.\-]+)+/?$")
_FILE_NAME = re.compile(r"^[\w.\- ]*\w\.(?P<extension>[A-Za-z]\w{0,9})$")
_MEDIA_TYPE = re.compile(r"^(?:application|audio|font|image|message|model|multipart|text|video)/[\w.+\-]+$")
#: What the standard library has no media type for.
_EXTENSIONS = frozenset(
    (
        "parquet", "feather", "arrow", "h5ad", "h5mu", "h5", "hdf5", "loom", "zarr", "rds", "rda", "rdata",
        "fa", "fasta", "fastq", "fq", "bam", "sam", "cram", "vcf", "bcf", "bed", "bw", "gff", "gff3", "gtf",
        "gz", "bz2", "xz", "zst", "npy", "npz", "pkl", "pickle", "pt", "pth", "ckpt", "joblib", "onnx",
        "safetensors", "yaml", "yml", "toml", "ini", "cfg", "log", "md", "rmd", "qmd", "ipynb", "r", "xlsx",
        "xls", "tsv", "csv", "json", "jsonl", "txt", "sqlite", "db", "duckdb", "mtx", "tif", "tiff", "czi",
        "nd2", "svs", "cbor", "avro", "orc", "ndjson", "lz4", "7z", "sas7bdat", "dta", "sav",
    )
)  # fmt: skip
_PATH_TYPES = frozenset({"Path", "PurePath", "PosixPath", "PurePosixPath", "WindowsPath", "PureWindowsPath", "UPath"})
#: Methods and functions that ask about a path and don't touch the data.
_ASK_ONLY = frozenset(
    (
        "makedirs", "mkdir", "exists", "is_file", "is_dir", "resolve", "expanduser", "glob", "rglob",
        "absolute", "joinpath", "with_suffix", "with_name", "as_posix", "relative_to", "is_relative_to",
        "format", "replace", "split", "rsplit", "startswith", "endswith", "strip", "lstrip", "rstrip", "join",
        "encode", "lower", "upper", "removeprefix", "removesuffix", "append", "extend", "add", "update",
        "setdefault",
    )
)  # fmt: skip
_SAME_PATH = frozenset({"resolve", "expanduser", "absolute", "as_posix"})
_BUILTINS = frozenset(
    {"print", "str", "repr", "len", "isinstance", "list", "tuple", "set", "dict", "sorted", "zip", "enumerate"}
)
_IGNORED_PREFIXES = ("os.path.", "sys.path.", "importlib.", "os.environ.", "os.getenv", "warnings.", "logging.", "re.")
_MAX_VALUES = 200
_MAX_PASSES = 10


@dataclass(frozen=True)
class VerifyLineageResult:
    """Whether a script is tracked completely, and what is missing."""

    is_fully_tracked: bool
    missing_lineage: tuple[str, ...]


def verify_lineage(script_path: str | Path) -> VerifyLineageResult:
    """Check whether a Python script or notebook tracks its run and all files that it names.

    The script is read and not run. Paths are found in literals, variables, sums and joins, and followed through the
    functions that the script defines. A path that no call of lamindb gets to see is reported.

    Args:
        script_path: path of a `.py` or `.ipynb` file.

    Returns:
        The findings; `missing_lineage` has one sentence for each.

    Example:
        >>> ln.core.verify_lineage("analysis.py").missing_lineage
        ('Missing ln.finish() call in script.', 'File not tracked in lamindb: counts.csv (line 7)')
    """
    path = Path(script_path)
    try:
        code = _code_of(path)
        tree = ast.parse(code, filename=str(path))
    except (FileNotFoundError, IsADirectoryError):
        return _result([f"File not found: {path}"])
    except SyntaxError as error:
        return _result([f"Syntax error while parsing {path}: {error.msg} (line {error.lineno})"])
    except (UnicodeDecodeError, ValueError) as error:
        return _result([f"Syntax error while parsing {path}: {error}"])
    script = _Script(tree)
    return _result([*script.missing_calls(), *script.untracked_paths()])


def _result(missing: list[str]) -> VerifyLineageResult:
    return VerifyLineageResult(not missing, tuple(missing))


def _code_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    lines = []
    for cell in json.loads(text).get("cells", ()):
        if cell.get("cell_type") == "code":
            source = cell.get("source", "")
            lines += ("".join(source) if isinstance(source, list) else source).splitlines()
    # magics and shell lines of notebooks are no Python
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)


class _Script:
    """What is known about a script: names of lamindb, values of variables, functions."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.functions = {
            node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        self.scope_of = dict(_scopes(tree, ""))
        self.tracked_names: dict[str, str] = {}
        self.evaluated: set[str] = set()
        self.values: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._read_imports()
        for _ in range(_MAX_PASSES):
            before = (len(self.tracked_names), sum(map(len, self.values.values())))
            for node in ast.walk(tree):
                self._read_assignment(node)
            if before == (len(self.tracked_names), sum(map(len, self.values.values()))):
                break

    def missing_calls(self) -> list[str]:
        """Return sentences about calls that start and end tracking."""
        called = {self._name_in_lamindb(node.func) for node in ast.walk(self.tree) if isinstance(node, ast.Call)}
        decorators = [decorator for function in self.functions.values() for decorator in function.decorator_list]
        called |= {self._name_in_lamindb(decorator) for decorator in decorators}
        if "flow" in called:
            return []
        wanted = [name for name in ("track", "finish") if name not in called]
        return [f"Missing ln.{name}() call in script." for name in wanted]

    def untracked_paths(self) -> list[str]:
        """Return sentences about paths that only other packages get to see."""
        used: dict[str, set[int]] = defaultdict(set)
        tracked: set[str] = set()
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.Call):
                continue
            paths = {_normal(value) for value in self._arguments(node) if _is_path_like(value)}
            if self._is_lamindb(node.func):
                tracked |= paths
            elif not self._is_ignored(node):
                for path in paths:
                    used[path].add(node.lineno)
        missing = sorted((min(lines), path) for path, lines in used.items() if path not in tracked)
        return [
            f"File not tracked in lamindb: {path} (line {', '.join(map(str, sorted(used[path])))})"
            for _, path in missing
        ]

    # names of lamindb -------------------------------------------------------------------------------------------------

    def _read_imports(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for name in node.names:
                    if name.name.split(".")[0] == _PACKAGE:
                        self.tracked_names[name.asname or _PACKAGE] = "" if name.asname is None else name.name[8:]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == _PACKAGE:
                for name in node.names:
                    self.tracked_names[name.asname or name.name] = name.name

    def _is_lamindb(self, node: ast.AST) -> bool:
        """Tell whether an expression is of lamindb: its names, what they return, what was assigned from that."""
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Await):
            node = node.func if isinstance(node, ast.Call) else node.value
        return isinstance(node, ast.Name) and node.id in self.tracked_names

    def _name_in_lamindb(self, node: ast.AST) -> str | None:
        """Return `track` for `ln.track`, `track` or whatever it is called in the script."""
        if isinstance(node, ast.Call):
            node = node.func
        if isinstance(node, ast.Name):
            return self.tracked_names.get(node.id)
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name | ast.Attribute)
            and self._is_lamindb(node)
        ):
            return node.attr
        return None

    def _is_ignored(self, call: ast.Call) -> bool:
        name = _dotted(call.func)
        last = call.func.attr if isinstance(call.func, ast.Attribute) else name
        return (
            last in _PATH_TYPES
            or last in _ASK_ONLY
            or name in _BUILTINS
            or name in self.functions
            or name.startswith(_IGNORED_PREFIXES)
        )

    # values of expressions --------------------------------------------------------------------------------------------

    def _read_assignment(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind(target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            self._bind(node.target, node.value)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            self._bind(node.target, node.iter)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None and self._is_lamindb(node.context_expr):
            self._bind(node.optional_vars, node.context_expr)
        elif isinstance(node, ast.Call) and _dotted(node.func) in self.functions:
            self._bind_arguments(self.functions[_dotted(node.func)], node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            positional = [*node.args.posonlyargs, *node.args.args]
            defaults = zip(reversed(positional), reversed(node.args.defaults), strict=False)
            named = [(a, d) for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d is not None]
            for argument, default in [*defaults, *named]:
                self._add(node.name, argument.arg, self._evaluate(default))

    def _bind(self, target: ast.AST, value: ast.AST) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            pairs = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
            for position, element in enumerate(target.elts):
                self._bind(element, value.elts[position] if pairs else value)  # type: ignore[attr-defined]
        elif isinstance(target, ast.Name):
            if self._is_lamindb(value):
                self.tracked_names.setdefault(target.id, self._name_in_lamindb(value) or "")
            self._add(self.scope_of.get(target, ""), target.id, self._evaluate(value))

    def _bind_arguments(self, function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call) -> None:
        names = [argument.arg for argument in [*function.args.posonlyargs, *function.args.args]]
        for name, value in zip(names, call.args, strict=False):
            self._add(function.name, name, self._evaluate(value))
        for keyword in call.keywords:
            if keyword.arg is not None:
                self._add(function.name, keyword.arg, self._evaluate(keyword.value))

    def _add(self, scope: str, name: str, values: set[str]) -> None:
        known = self.values[scope, name]
        if len(known) < _MAX_VALUES:
            known |= values

    def _arguments(self, call: ast.Call) -> set[str]:
        found: set[str] = set()
        for value in (*call.args, *(keyword.value for keyword in call.keywords)):
            found |= self._evaluate(value)
        if isinstance(call.func, ast.Attribute):  # path.read_text()
            found |= self._evaluate(call.func.value)
        return found

    def _evaluate(self, node: ast.AST) -> set[str]:
        """Return the texts that an expression may have as value, or that the list that it makes may hold."""
        if isinstance(node, ast.Constant):
            return {node.value} if isinstance(node.value, str) else set()
        if isinstance(node, ast.Name):
            scope = self.scope_of.get(node, "")
            return self.values[scope, node.id] | self.values["", node.id]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Div):
            left, right = self._evaluate(node.left), self._evaluate(node.right)
            if isinstance(node.left, ast.List | ast.Tuple):
                return left | right
            join = "".join if isinstance(node.op, ast.Add) else "/".join
            return {join((a.rstrip("/") if isinstance(node.op, ast.Div) else a, b)) for a, b in _pairs(left, right)}
        if isinstance(node, ast.JoinedStr):
            return self._combined(node.values, "")
        if isinstance(node, ast.FormattedValue | ast.Starred | ast.Await):
            return self._evaluate(node.value)
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return set().union(*(self._evaluate(element) for element in node.elts))
        if isinstance(node, ast.Dict):
            return set().union(*(self._evaluate(value) for value in node.values))
        if isinstance(node, ast.IfExp):
            return self._evaluate(node.body) | self._evaluate(node.orelse)
        if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp):
            return self._evaluate(node.elt)
        if isinstance(node, ast.Subscript):
            return self._evaluate(node.value)
        return self._value_of_call(node) if isinstance(node, ast.Call) else set()

    def _value_of_call(self, call: ast.Call) -> set[str]:
        name = _dotted(call.func)
        last = call.func.attr if isinstance(call.func, ast.Attribute) else name
        if last in _PATH_TYPES or name == "os.path.join":
            return self._combined(call.args, "/")
        if last == "joinpath" and isinstance(call.func, ast.Attribute):
            return self._combined([call.func.value, *call.args], "/")
        if isinstance(call.func, ast.Attribute) and last in _SAME_PATH:
            return self._evaluate(call.func.value)
        if name in ("str", "list", "tuple", "sorted") or name in ("os.path.abspath", "os.path.expanduser"):
            return set().union(*(self._evaluate(argument) for argument in call.args))
        if name in self.functions and name not in self.evaluated:
            self.evaluated.add(name)  # functions may call themselves
            nodes = ast.walk(self.functions[name])
            values = [self._evaluate(node.value) for node in nodes if isinstance(node, ast.Return) and node.value]
            self.evaluated.discard(name)
            return set().union(*values)
        return set()

    def _combined(self, nodes: list[ast.expr], separator: str) -> set[str]:
        parts = [self._evaluate(node) for node in nodes]
        if not parts or any(not part for part in parts) or _size(parts) > _MAX_VALUES:
            return set()
        return {separator.join(values) for values in product(*parts)}


def _scopes(node: ast.AST, scope: str) -> Iterator[tuple[ast.AST, str]]:
    """Yield each name with the function that it is in."""
    for child in ast.iter_child_nodes(node):
        inner = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else scope
        if isinstance(child, ast.Name):
            yield child, scope
        yield from _scopes(child, inner)


def _dotted(node: ast.AST) -> str:
    """Return `os.path.join` for such an expression, else an empty text."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else ""


def _pairs(left: set[str], right: set[str]) -> Iterator[tuple[str, str]]:
    if len(left) * len(right) <= _MAX_VALUES:
        yield from product(left, right)


def _size(parts: list[set[str]]) -> int:
    size = 1
    for part in parts:
        size *= len(part)
    return size


def _is_path_like(text: str) -> bool:
    if "\n" in text or len(text) > 1000:
        return False
    if _URI.match(text) or _ANCHORED.match(text):
        return True
    match = _FILE_NAME.match(text.rsplit("/", 1)[-1])
    if match and (match["extension"].lower() in _EXTENSIONS or mimetypes.guess_type(f"x.{match['extension']}")[0]):
        return "/" not in text or _RELATIVE.match(text.replace(" ", "_")) is not None
    return _RELATIVE.match(text) is not None and _MEDIA_TYPE.match(text) is None


def _normal(path: str) -> str:
    return path if _URI.match(path) else posixpath.normpath(path)
