"""Small frozen values that cost nothing to declare.

`dataclasses` takes 10 ms to import and a `namedtuple` class 0.2 ms to make; `kb explain` has less than 20 ms for everything.
Type checkers treat a Record as a frozen dataclass.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self, dataclass_transform
else:

    def dataclass_transform(**_):
        """Nothing at run time."""
        return lambda cls: cls


@dataclass_transform(frozen_default=True)
class Record:
    """Base of a frozen value: its fields are the annotations of the class, defaults are class attributes."""

    def __init__(self, *values: Any, **named: Any) -> None:
        own = self.__dict__
        if values:
            own.update(zip(self.__annotations__, values, strict=False))
        if named:
            own.update(named)

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed."""
        return type(self)(**{**self.__dict__, **changes})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in type(self).__annotations__)
        return f"{type(self).__name__}({fields})"

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in type(self).__annotations__)
