"""Decorators that public classes share: deprecation, and methods that work on class and record."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any


def deprecated(new_name: str | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a function as deprecated in favour of `new_name`; each call emits a `DeprecationWarning`."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            name = function.__name__
            text = (
                f"Use {new_name} instead of {name}, {name} will be removed in the future."
                if new_name
                else (f"{name} is deprecated and will be removed in the future.")
            )
            warnings.warn(text, DeprecationWarning, stacklevel=2)
            return function(*args, **kwargs)

        return wrapper

    return decorate


def doc_args(*args: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Fill `{}` placeholders of a docstring."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        function.__doc__ = (function.__doc__ or "").format(*args)
        return function

    return decorate


class class_and_instance_method:
    """Descriptor: the function receives the record when called on one, else the class."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        functools.update_wrapper(self, function)  # type: ignore[arg-type]

    def __get__(self, instance: Any, owner: type) -> Callable[..., Any]:
        return functools.partial(self.function, owner if instance is None else instance)


class strict_classmethod:
    """Descriptor: a class method that refuses to be called on a record."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        functools.update_wrapper(self, function)  # type: ignore[arg-type]

    def __get__(self, instance: Any, owner: type) -> Callable[..., Any]:
        if instance is not None:
            name = f"{owner.__name__}.{self.function.__name__}()"
            raise TypeError(
                f"{name} is a class method and must be called on the {owner.__name__} class, not on a {owner.__name__} object"
            )
        return functools.partial(self.function, owner)
