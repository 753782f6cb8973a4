"""Which approval will do where the list asks for a kind of vehicle."""

import pytest

from waybill.goods.catalogue import load
from waybill.goods.vehicle_kinds import vehicle_satisfies


@pytest.mark.parametrize(
    ("approval", "asked", "expected"),
    [
        ("FL", "FL", True),
        ("FL", "AT", True),
        ("AT", "AT", True),
        ("AT", "FL", False),
        ("EX/III", "EX/III", True),
        ("EX/III", "EX/II", True),
        ("EX/II", "EX/II", True),
        ("EX/II", "EX/III", False),
        ("EX/III", "FL", False),
        ("EX/III", "AT", False),
        ("FL", "EX/III", False),
        ("MEMU", "MEMU", True),
        ("MEMU", "EX/III", False),
        ("", "AT", False),
        ("OX", "OX", False),
        ("", "", True),
        ("AT", "", True),
    ],
)
def test_only_what_is_written_stands_for_another_kind(
    approval: str,
    asked: str,
    expected: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    assert vehicle_satisfies(approval, asked) is expected


def test_every_kind_that_the_list_asks_for_is_known() -> None:
    asked = {entry.vehicle_for_tank_carriage for entry in load("2025").entries}

    assert asked == {"", "AT", "FL", "EX/III"}
    assert [kind for kind in asked if not vehicle_satisfies(kind, kind)] == []
