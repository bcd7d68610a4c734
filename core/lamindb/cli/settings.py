"""`lamin settings` and its groups. Reading and writing settings needs files only, never the database."""

from __future__ import annotations

from collections.abc import Callable

import click

from lamindb.cli.groups import Group
from lamindb.cli.output import json_option, print_json


@click.group(cls=Group, invoke_without_command=True)
@json_option
@click.pass_context
def settings(ctx: click.Context, as_json: bool) -> None:
    """Show and change settings."""
    if ctx.invoked_subcommand is None and as_json:
        from lamindb.cli.info import settings_values

        print_json(settings_values())
    elif ctx.invoked_subcommand is None:
        from lamindb.setup import settings as setup_settings

        click.echo("Configure: see `lamin settings --help`")
        click.echo(repr(setup_settings))


# dev-dir ----------------------------------------------------------------------------------------------------------------


@settings.group("dev-dir")
def dev_dir() -> None:
    """The development folder: keys of scripts and notebooks are relative to it."""


@dev_dir.command("get")
def get_dev_dir() -> None:
    """Print the folder, or None."""
    from lamindb.setup import settings as setup_settings

    click.echo(str(setup_settings.dev_dir))


@dev_dir.command("set")
@click.argument("path")
def set_dev_dir(path: str) -> None:
    """Use the folder PATH; 'none' unsets it."""
    from lamindb.setup import settings as setup_settings

    setup_settings.dev_dir = None if path.lower() == "none" else path


@dev_dir.command("add")
@click.argument("path")
def add_dev_dir(path: str) -> None:
    """Use the folder PATH, too: keys of files are relative to the nearest such folder around them."""
    from lamindb.setup import settings as setup_settings

    setup_settings.add_dev_dir(path)


@dev_dir.command("find")
@click.argument("path", default=".", type=click.Path(exists=True, file_okay=False))
@json_option
def find_dev_dirs(path: str, as_json: bool) -> None:
    """List the development folders below PATH: folder, instance and branch, separated by tabs. Hidden folders are skipped."""
    import os
    from pathlib import Path

    from lamindb.setup import settings_files
    from lamindb.setup.branch_and_space import choice_name
    from lamindb.setup.instance import load_instance

    found: list[dict[str, str]] = []
    for folder, names, _ in os.walk(Path(path).resolve()):
        names[:] = sorted(name for name in names if not name.startswith("."))
        slug = (settings_files.read_text(settings_files.marker_file(Path(folder))) or "").strip()
        owner, _, name = slug.partition("/")
        if not name or Path(folder) == Path.home():
            continue
        instance = load_instance(settings_files.instance_file(owner, name))
        branch_name = "unknown" if instance is None else choice_name("Branch", instance)
        found.append({"dev_dir": folder, "instance": slug, "branch": branch_name})
        if not as_json:
            click.echo("\t".join(found[-1].values()))
    if as_json:
        print_json(found)


@dev_dir.command("unset")
def unset_dev_dir() -> None:
    """Use no folder."""
    from lamindb.setup import settings as setup_settings

    setup_settings.dev_dir = None


# cache-dir --------------------------------------------------------------------------------------------------------------


@settings.group("cache-dir")
def cache_dir() -> None:
    """The folder with copies of remote data."""


@cache_dir.command("get")
def get_cache() -> None:
    """Print the folder."""
    from lamindb.setup.cache_folder import current_cache_dir

    click.echo(f"The cache directory is {current_cache_dir().as_posix()}")


@cache_dir.command("set")
@click.argument("path")
@click.option("--move", is_flag=True, help="Take what is cached along.")
def set_cache(path: str, move: bool) -> None:
    """Use the folder PATH, which must be absolute; 'null' goes back to the default."""
    from lamindb.setup.cache_folder import set_cache_dir

    set_cache_dir(path, move=move)


@cache_dir.command("reset")
def reset_cache() -> None:
    """Go back to the folder of this machine."""
    from lamindb.setup.cache_folder import set_cache_dir

    set_cache_dir(None)


@cache_dir.command("clear")
def clear_cache() -> None:
    """Delete everything in the folder; remote data is fetched again when needed."""
    from lamindb.setup.cache_folder import clear_cache_dir

    clear_cache_dir()


# modules ----------------------------------------------------------------------------------------------------------------


@settings.group("modules")
def modules() -> None:
    """The schema modules of environments that have no instance; 'add' adds some to the current instance."""


@modules.command("get")
def get_modules() -> None:
    """Print the modules, or None."""
    from lamindb.setup import settings as setup_settings

    click.echo(",".join(sorted(setup_settings.modules)) or "None")


@modules.command("set")
@click.argument("names")
def set_modules(names: str) -> None:
    """Use the modules NAMES, such as bionty,pertdb; '' uses none, 'none' unsets them."""
    from lamindb.setup import settings as setup_settings
    from lamindb.setup.modules import check_installed, parse_modules

    is_unset = names.lower() == "none"
    if not is_unset:
        check_installed(parse_modules(names))
    setup_settings.modules = None if is_unset else names  # type: ignore[assignment]


@modules.command("add")
@click.argument("names")
def add_modules(names: str) -> None:
    """Add the modules NAMES, such as bionty,pertdb, to the current instance: create their tables and remember them."""
    from lamindb.cli.connection import require_instance

    require_instance()
    import lamindb as ln

    ln.setup.add_modules(names)


@modules.command("unset")
def unset_modules() -> None:
    """Go back to the default."""
    from lamindb.setup import settings as setup_settings

    setup_settings.modules = None  # type: ignore[assignment]


# branch and space -------------------------------------------------------------------------------------------------------


def _print_choice(registry: str) -> None:
    from lamindb.setup import settings as setup_settings
    from lamindb.setup.branch_and_space import choice_name

    click.echo(choice_name(registry, setup_settings.instance))


def _choose(target: str, *, space: bool) -> None:
    from lamindb.cli.connection import require_instance

    require_instance()
    import lamindb as ln

    ln.setup.switch(target, space=space)


@settings.group("branch")
def branch() -> None:
    """The branch that new records go to."""


@branch.command("get")
def get_branch() -> None:
    """Print its name."""
    _print_choice("Branch")


@branch.command("set")
@click.argument("target")
def set_branch(target: str) -> None:
    """Switch to the branch TARGET, given by name or uid."""
    _choose(target, space=False)


@settings.group("space")
def space() -> None:
    """The space that new records go to."""


@space.command("get")
def get_space() -> None:
    """Print its name."""
    _print_choice("Space")


@space.command("set")
@click.argument("target")
def set_space(target: str) -> None:
    """Switch to the space TARGET, given by name or uid."""
    _choose(target, space=True)


# lamin run --------------------------------------------------------------------------------------------------------------


@settings.group("run-where")
def run_where() -> None:
    """On which machine `lamin run` runs programs."""


@settings.group("run-access")
def run_access() -> None:
    """The ways to remote inputs that `lamin run` tries, in order."""


def _add_run_setting(group: click.Group, name: str, metavar: str, check: Callable[[str], str]) -> None:
    """Give the group of a default of `lamin run` its commands."""

    @group.command("get")
    def get() -> None:
        """Print it."""
        from lamindb.setup.run_defaults import run_default

        click.echo(run_default(name))

    @group.command("set")
    @click.argument("value", metavar=metavar)
    def set_value(value: str) -> None:
        from lamindb.setup.run_defaults import set_run_default

        set_run_default(name, None if value.lower() == "none" else check(value))

    set_value.help = f"Use {metavar} from now on; 'none' unsets it."

    @group.command("unset")
    def unset() -> None:
        """Go back to the default."""
        from lamindb.setup.run_defaults import set_run_default

        set_run_default(name, None)


def _check_where(value: str) -> str:
    if value not in ("local", "modal"):
        raise click.ClickException(f"{value!r} is no machine to run on: choose local or modal")
    return value


def _check_access(value: str) -> str:
    from lamindb.tracking.data_access import parse_ways

    return ",".join(parse_ways(value))


_add_run_setting(run_where, "where", "MACHINE", _check_where)
_add_run_setting(run_access, "access", "WAYS", _check_access)


# former names -----------------------------------------------------------------------------------------------------------


def _print_setting(name: str) -> None:
    from lamindb.setup import settings as setup_settings

    click.echo(str(getattr(setup_settings, name)))


_GETTERS: dict[str, Callable[[], None]] = {
    "auto-connect": lambda: _print_setting("auto_connect"),
    "private-django-api": lambda: _print_setting("private_django_api"),
    "space": lambda: _print_choice("Space"),
    "branch": lambda: _print_choice("Branch"),
    "dev-dir": lambda: _print_setting("dev_dir"),
}


@settings.command("get", hidden=True)
@click.argument("setting", type=click.Choice(list(_GETTERS)))
def get_setting(setting: str) -> None:
    """Former way to print a setting."""
    _GETTERS[setting]()


@settings.command("set", hidden=True)
@click.argument("setting", type=click.Choice(["auto-connect", "private-django-api", "dev-dir"]))
@click.argument("value")
def set_setting(setting: str, value: str) -> None:
    """Former way to change a setting."""
    from lamindb.setup import settings as setup_settings

    if setting == "dev-dir":
        setup_settings.dev_dir = None if value.lower() == "none" else value
        return
    is_on = click.BOOL.convert(value, None, None)
    setattr(setup_settings, setting.replace("-", "_"), is_on)
