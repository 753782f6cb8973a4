"""What the carrier declares of goods on the page: asked, kept, shown again, never asked twice."""

import pytest

from tests.harness.drafts import FULL, FULL_LINE
from tests.harness.page_forms import fields_of, fill, value
from tests.harness.page_user import PageTown, PageUser


@pytest.fixture
def carrier(pages: PageTown) -> PageUser:
    """A carrier's dispatcher with an empty form."""
    return pages.user("carrier").open("/waybills/new")


def test_a_draft_written_by_the_api_goes_through_the_page_unchanged(pages: PageTown) -> None:
    trip = pages.town.draft("petrol", **FULL)
    before = trip.read()["draft"]
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}/edit")

    fill(carrier, "save")

    assert carrier.status == 200
    assert "已保存" in carrier.text
    assert trip.read()["draft"] == before
    assert before["goods"][0] == FULL_LINE


def test_a_draft_comes_back_from_an_error_with_all_that_was_typed(pages: PageTown) -> None:
    trip = pages.town.draft("petrol", **FULL)
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}/edit")
    before = fields_of(carrier.html, "waybill")

    fill(carrier, "save", goods__0__filling_temperature_c="−12,5")

    assert carrier.status == 422
    assert 'href="#goods-0-filling_temperature_c"' in carrier.html
    shown = fields_of(carrier.html, "waybill")
    shown.pop("csrf_token")
    assert shown == {name: v for name, v in before.items() if name != "csrf_token"} | {
        "goods-0-filling_temperature_c": "−12,5"
    }


def test_a_temperature_below_zero_is_kept(carrier: PageUser) -> None:
    fill(carrier, "pick:1203")

    fill(
        carrier,
        "save",
        goods__0__quantity_kg="28500",
        goods__0__density_kg_l="0.745",
        goods__0__density_50_kg_l="0.71",
        goods__0__filling_temperature_c="−5.5",
    )

    assert value(carrier, "goods-0-filling_temperature_c") == "-5.5"
    assert value(carrier, "goods-0-density_50_kg_l") == "0.71"


@pytest.mark.parametrize(
    ("key", "mode", "state"), [("1203", "tank", "liquid"), ("1978", "tank", "gas")]
)
def test_a_picked_row_says_what_it_knows_of_mode_and_state(
    carrier: PageUser, key: str, mode: str, state: str
) -> None:
    fill(carrier, f"pick:{key}")

    assert value(carrier, "goods-0-mode") == mode
    assert value(carrier, "goods-0-physical_state") == state


def test_density_is_asked_of_a_liquid_and_not_of_a_gas(carrier: PageUser) -> None:
    fill(carrier, "pick:1978")
    assert value(carrier, "goods-0-density_kg_l") is None

    fill(carrier, "pick:1203")
    assert value(carrier, "goods-1-density_kg_l") == ""


def test_only_explosives_are_asked_for_their_net_mass(carrier: PageUser) -> None:
    fill(carrier, "pick:1203")
    fill(carrier, "pick:0336")

    assert value(carrier, "goods-0-net_explosive_mass_kg") is None
    assert value(carrier, "goods-1-net_explosive_mass_kg") == ""


def test_food_is_asked_about_where_goods_must_be_kept_from_it(carrier: PageUser) -> None:
    fill(carrier, "pick:1203")
    assert value(carrier, "foodstuffs") is None

    fill(carrier, "pick:1230")

    assert value(carrier, "foodstuffs") == "ask"
    fill(carrier, "save", goods__0__quantity_kg="1", goods__1__quantity_kg="1", foodstuffs="no")
    assert value(carrier, "foodstuffs") == "no"


def test_a_drug_precursor_is_asked_about_where_the_list_leaves_it_open(carrier: PageUser) -> None:
    fill(carrier, "pick:1203")
    assert value(carrier, "goods-0-drug_precursor_declared") is None

    fill(carrier, "pick:1224-iii")

    assert value(carrier, "goods-1-drug_precursor_declared") == "ask"
    fill(
        carrier,
        "save",
        goods__0__quantity_kg="1",
        goods__1__quantity_kg="1",
        goods__1__drug_precursor_declared="no",
    )
    assert value(carrier, "goods-1-drug_precursor_declared") == "no"


def test_limits_of_small_quantities_stand_beside_the_choice(carrier: PageUser) -> None:
    fill(carrier, "pick:1203")
    fill(carrier, "pick:1978")

    assert "有限数量（内包装最多 1 L）" in carrier.text
    assert "例外数量（E2）" in carrier.text
    assert "有限数量（一览表为 0，不适用）" in carrier.text


def test_density_and_temperature_are_taken_from_the_last_waybill_and_it_says_so(
    pages: PageTown, carrier: PageUser
) -> None:
    pages.town.issue("petrol", goods=[FULL_LINE])

    fill(carrier, "pick:1203")

    assert value(carrier, "goods-0-density_kg_l") == "0.7451"
    assert value(carrier, "goods-0-filling_temperature_c") == "-12.5"
    assert "沿用上次填写（2026-11-22）" in carrier.text
    fill(carrier, "find", q="1230")
    assert "沿用上次填写（2026-11-22）" in carrier.text
    other = pages.user("carrier-huaihe").open("/waybills/new")
    fill(other, "pick:1203")
    assert "沿用上次填写" not in other.text
