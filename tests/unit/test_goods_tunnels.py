from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybill.goods.catalogue import load
from waybill.goods.tunnels import closed_tunnel_categories, most_restrictive

EDITION = "2025"
CODES = sorted({entry.tunnel_restriction_code for entry in load(EDITION).entries} - {""})


def closed(
    code: str, *, in_tank: bool = False, in_bulk: bool = False, mass_kg: str | None = None
) -> str | None:
    return closed_tunnel_categories(
        code,
        in_tank=in_tank,
        in_bulk=in_bulk,
        net_explosive_mass_kg=None if mass_kg is None else Decimal(mass_kg),
        edition=EDITION,
    )


@pytest.mark.parametrize(
    ("code", "packages", "bulk", "tank"),
    [
        ("B", "BCDE", "BCDE", "BCDE"),
        ("B/D", "DE", "DE", "BCDE"),
        ("B/E", "E", "E", "BCDE"),
        ("C", "CDE", "CDE", "CDE"),
        ("C/D", "DE", "DE", "CDE"),
        ("C/E", "E", "E", "CDE"),
        ("D", "DE", "DE", "DE"),
        ("D/E", "E", "DE", "DE"),
        ("E", "E", "E", "E"),
        ("-", "", "", ""),
        ("", None, None, None),
        ("F", None, None, None),
        ("(E)", None, None, None),
    ],
)
def test_a_code_closes_tunnels_by_the_way_of_carriage(
    code: str, packages: str | None, bulk: str | None, tank: str | None
) -> None:
    assert closed(code) == packages
    assert closed(code, in_bulk=True) == bulk
    assert closed(code, in_tank=True) == tank


@pytest.mark.parametrize(
    ("code", "mass_kg", "expected"),
    [
        ("B1000C", None, None),
        ("B1000C", "0", "CDE"),
        ("B1000C", "1000", "CDE"),
        ("B1000C", "1000.01", "BCDE"),
        ("C5000D", None, None),
        ("C5000D", "5000", "DE"),
        ("C5000D", "5000.01", "CDE"),
        ("E", "99999", "E"),
    ],
)
def test_explosives_close_more_above_a_mass(
    code: str, mass_kg: str | None, expected: str | None
) -> None:
    assert closed(code, mass_kg=mass_kg) == expected


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_the_list_has_an_answer(code: str) -> None:
    assert closed(code, mass_kg="1") in {"BCDE", "CDE", "DE", "E", ""}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], ""),
        ([""], ""),
        (["", "E"], "E"),
        (["E", "DE"], "DE"),
        (["CDE", "DE", "E"], "CDE"),
        (["E", "BCDE"], "BCDE"),
        ([None], None),
        ([None, "CDE"], None),
        ([None, "BCDE"], "BCDE"),
    ],
)
def test_a_load_closes_what_any_of_its_goods_closes(
    parts: list[str | None], expected: str | None
) -> None:
    assert most_restrictive(parts) == expected


@given(st.sampled_from(CODES), st.integers(0, 9999), st.integers(0, 9999))
def test_more_explosives_never_open_a_tunnel(code: str, mass_kg: int, more_kg: int) -> None:
    less = closed(code, mass_kg=str(mass_kg))
    heavier = closed(code, mass_kg=str(mass_kg + more_kg))

    assert most_restrictive([less, heavier]) == heavier
