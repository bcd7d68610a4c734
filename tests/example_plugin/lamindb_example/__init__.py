"""The example plugin. Importing it is cheap; registries connect to the current instance when they are first used."""

__version__ = "1.2.3"
__all__ = ["Treatment"]


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from lamindb_setup import _check_instance_setup

    _check_instance_setup(from_module="lamindb_example")
    from lamindb_example import models

    return getattr(models, name)
