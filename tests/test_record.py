"""A record behaves as the dataclass that it stands for."""

import copy
import dataclasses
import pickle
from typing import ClassVar, Generic, TypeVar

import pytest

from slslint.record import record

T = TypeVar("T", covariant=True)


@record(order=True)
class Point(Generic[T]):
    """A point."""

    kind: ClassVar[str] = "place"
    x: int
    y: int = 2

    @property
    def both(self) -> int:
        return self.x + self.y


@record(eq=False)
class Alone:
    """Equal to nothing but itself."""

    name: str


def test_like_a_dataclass() -> None:
    point: Point[int] = Point(1)
    assert (point.x, point.y, point.both, point.kind) == (1, 2, 3, "place")
    assert repr(point) == "Point(x=1, y=2)"
    assert {point, Point(1, 2)} == {point}
    assert sorted([Point(2), Point(1, 9), point]) == [point, Point(1, 9), Point(2)]
    assert point != (1, 2)
    assert dataclasses.replace(point, y=5) == Point(1, 5)
    assert dataclasses.asdict(point) == {"x": 1, "y": 2}
    assert pickle.loads(pickle.dumps(point)) == copy.copy(point) == point
    match point:
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_it_holds_its_fields_alone() -> None:
    with pytest.raises(AttributeError):
        Point(1).z = 3  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]


def test_without_eq_each_is_itself() -> None:
    one = Alone("a")
    assert {one, one} == {one}
    assert one != Alone("a")
