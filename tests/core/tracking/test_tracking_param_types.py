"""Parameters of another type than annotations promise are not recorded; the function runs all the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional

import numpy as np
import pytest

import lamindb as ln
from lamindb.tracking.param_types import types_of_arguments, without_mismatches

if TYPE_CHECKING:
    from decimal import Decimal


@pytest.mark.parametrize(
    ("value", "expected", "fits"),
    [
        (1, int, True),
        (np.int64(1), int, True),
        (1, float, True),
        (np.float32(1), float, True),
        (True, bool, True),
        (np.bool_(True), bool, True),
        ("1", int, False),
        (1.5, int, False),
        (True, int, False),
        ("x", str | None, True),
        (3, str | None, False),
        (3, Optional[int], True),  # noqa: UP045
        ("a", Literal["a", "b"], True),
        ("c", Literal["a", "b"], False),
        (1, Literal[True], False),
        ([1, 2], list[int], True),
        ([1, "2"], list[int], False),
        ((1, "a"), tuple[int, str], True),
        ((1,), tuple[int, str], False),
        ((1, 2, 3), tuple[int, ...], True),
        ({"a": 1}, dict[str, int], True),
        ({"a": "b"}, dict[str, int], False),
        ({1, 2}, set[int], True),
        (3, Annotated[int, "in cm"], True),
        (Path("a"), str | Path, True),
        ("a", Any, True),
        ("x", "float", False),
        ([1.5], "list[float]", True),
        (["a"], "list[float]", False),
    ],
)
def test_a_value_fits_or_is_dropped(value: Any, expected: Any, fits: bool) -> None:
    assert without_mismatches({"it": value}, {"it": expected}) == ({"it": value} if fits else {})


def test_annotations_are_read_where_they_can_be() -> None:
    def work(
        a: int,
        b: Decimal,
        c: "cat[ULabel]",  # type: ignore  # noqa: F821, UP037
        *rest: str,
        d: list[str] | None = None,
        e=3,
        **more: float,
    ) -> None: ...

    expected = types_of_arguments(work)
    assert expected == {
        "a": int,
        "c": "cat[ULabel]",
        "rest": tuple[str, ...],
        "d": list[str] | None,
        "more": dict[str, float],
    }


def test_a_mismatch_is_warned_about_and_the_function_runs(
    sqlite_instance: Any, caplog: pytest.LogCaptureFixture
) -> None:
    seen = []

    @ln.flow()
    def work(
        rate: float,
        label: ln.ULabel,
        tissue: "cat[ULabel]",  # type: ignore  # noqa: F821, UP037
        names: list[str],
        *,
        mode: Literal["a"] = "a",
    ) -> None:
        seen.append(rate)

    lung = ln.ULabel(name="lung").save()
    work("fast", lung, "lung", ["x"])  # type: ignore[arg-type]
    work(0.5, "lung", "skin", ["x", 3], mode="b")  # type: ignore
    assert seen == ["fast", 0.5]
    first, second = ln.Run.filter(entrypoint__endswith="work").order_by("id")
    assert first.params == {"label": f"ULabel[{lung.uid}]", "tissue": "lung", "names": ["x"], "mode": "a"}
    assert second.params == {"rate": 0.5}
    assert "not recording param rate: 'fast' is of type str, expected float" in caplog.text
    assert "not recording param tissue: 'skin' is of type str, expected cat[ULabel]" in caplog.text


def test_track_takes_the_types_that_are_expected(sqlite_instance: Any, caplog: pytest.LogCaptureFixture) -> None:
    ln.ULabel(name="lung").save()
    ln.track(
        key="session",
        source_code="1",
        params={"rate": "x", "api_key": "sk-verysecret", "tissue": "lung", "free": "y"},
        expected_param_types={"rate": float, "api_key": int, "tissue": "cat[ULabel]"},
    )
    run = ln.context.run
    ln.finish()
    assert ln.Run.get(run.uid).params == {"tissue": "lung", "free": "y"}
    assert "not recording param rate" in caplog.text
    assert "not recording param api_key" in caplog.text and "verysecret" not in caplog.text
    for wrong in ({"rate": "a float"}, [float]):
        with pytest.raises(ln.errors.InvalidArgument, match="expected_param_types"):
            ln.track(key="session", source_code="1", expected_param_types=wrong)  # type: ignore[arg-type]
