"""Values worked out when first asked for, and kept: without a lock, which a fork might leave held for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class lazily(Generic[T]):
    """`functools.cached_property` as Python 3.12 has it. Of threads that ask at once, all get what one has found."""

    def __init__(self, function: Callable[[Any], T]) -> None:
        self.function, self.__doc__, self.name = function, function.__doc__, function.__name__

    @overload
    def __get__(self, instance: None, owner: type) -> lazily[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> T | lazily[T]:
        if instance is None:
            return self
        kept = instance.__dict__
        if self.name not in kept:
            kept.setdefault(self.name, self.function(instance))
        value: T = kept[self.name]
        return value
