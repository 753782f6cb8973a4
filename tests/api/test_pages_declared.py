"""What the carrier declares on the page: asked, kept, shown again, and never asked twice."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.accounts_http import Answer
from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite, register_site
from tests.harness.page_forms import fields_of
from tests.harness.page_user import PageTown, PageUser, page_town
from tests.harness.stories import Trip
from waybill.clock import FixedClock
from waybill.rules.facts import CargoFacts

FULL_LINE: dict[str, object] = {
    "entry_key": "1203",
    "quantity_kg": "28500",
    "mode": "tank",
    "quantity_l": "38255.034",
    "compartment": 1,
    "packaging": "钢桶 1A1",
    "packages": 12,
    "technical_name": "95 号",
    "concentration": "≤10 %",
    "highly_toxic_declared": "no",
    "not_subject_declared": "yes",
    "regime": "limited_quantity",
    "physical_state": "liquid",
    "waste": True,
    "empty_uncleaned": True,
    "density_kg_l": "0.7451",
    "density_50_kg_l": "0.71",
    "filling_temperature_c": "-12.5",
    "viscosity_mm2_s": "0.6",
    "gross_mass_kg": "320.5",
    "package_gross_kg": "29.9",
    "package_net_l": "12",
    "package_net_kg": "9.5",
    "inner_l": "1",
    "inner_kg": "0.75",
    "shrink_wrapped": True,
    "net_explosive_mass_kg": "0.0001",
}
FULL_PERMIT: dict[str, object] = {
    "kind": "waste_manifest",
    "number": "LD-2026-0001",
    "un_numbers": ["1203", "1230"],
    "quantity_kg": "30000",
    "plates": ["苏H90001", "苏H9001挂"],
    "valid_from": "2026-11-01",
    "valid_until": "2026-12-31",
    "from_area_code": "320800",
    "to_area_code": "321300",
    "route": "G25 淮安至宿迁",
}
FULL: dict[str, object] = {
    "goods": [FULL_LINE, {"entry_key": "1230", "quantity_kg": "0.5", "mode": "packages"}],
    "foodstuffs": "yes",
    "permits": [FULL_PERMIT, {"kind": "radioactive", "number": "R-1"}],
    "last_cargoes": [
        {"compartment": 0, "nothing": True},
        {"compartment": 2, "entry_key": "1230"},
    ],
    "remarks": "第一行\n第二行 <b>",
    "city_delivery": True,
}


@pytest.fixture(scope="module")
def site(
    databases: Databases, dialect: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoSite]:
    """The demonstration's plant and carriers, without a waybill."""
    made = register_site(databases, dialect, tmp_path_factory.mktemp("keys"))
    yield made
    databases.drop(made.url)


@pytest.fixture
def pages(databases: Databases, site: DemoSite, clock: FixedClock) -> Iterator[PageTown]:
    """The installation over a copy of the site."""
    url = databases.copy(site.url)
    with page_town(site, url, clock) as made:
        yield made
    databases.drop(url)


@pytest.fixture
def carrier(pages: PageTown) -> PageUser:
    """A carrier's dispatcher with an empty form."""
    return pages.user("carrier").open("/waybills/new")


def fill(user: PageUser, act: str, **changes: str) -> PageUser:
    """Send the form that stands on the page, changed, by one of its buttons."""
    form = fields_of(user.html, "waybill") | {"act": act}
    named = {name.replace("__", "-"): value for name, value in changes.items()}
    return user.send(user.address, form | named)


def value(user: PageUser, name: str) -> str | None:
    """Return what stands in a field of the page."""
    return fields_of(user.html, "waybill").get(name)


def stored(trip: Trip) -> Answer:
    """Return a draft as the API gives it."""
    draft: Answer = trip.read()["draft"]
    return draft


def test_a_draft_written_by_the_api_goes_through_the_page_unchanged(pages: PageTown) -> None:
    trip = pages.town.draft("petrol", **FULL)
    before = stored(trip)
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}/edit")

    fill(carrier, "save")

    assert carrier.status == 200
    assert "已保存" in carrier.text
    assert stored(trip) == before
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


def test_a_permit_is_added_with_what_the_waybill_tells_and_taken_away_again(
    pages: PageTown,
) -> None:
    trip = pages.town.draft("petrol")
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}/edit")

    fill(carrier, "add_permit")
    fill(carrier, "add_permit")

    assert value(carrier, "permits-1-un_numbers") == "1203"
    assert value(carrier, "permits-1-plates") == "苏H90001, 苏H9001挂"
    assert value(carrier, "permits-1-to_area_code") == stored(trip)["destination"]["area_code"]
    fill(carrier, "save")
    assert stored(trip)["permits"] == []
    assert value(carrier, "permits-1-number") == ""

    fill(carrier, "drop_permit:1", permits__0__kind="waste_manifest", permits__0__number="LD-1")
    assert [permit["number"] for permit in stored(trip)["permits"]] == ["LD-1"]
    fill(carrier, "drop_permit:0")
    assert stored(trip)["permits"] == []


@pytest.mark.parametrize("act", ["check", "issue"])
def test_a_permit_without_its_number_keeps_the_waybill_from_being_issued(
    pages: PageTown, act: str
) -> None:
    trip = pages.town.draft("petrol")
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}/edit")
    fill(carrier, "add_permit")

    fill(carrier, act)

    assert "请填写许可证件的编号，或删除此证件。" in carrier.text
    assert trip.status == "draft"


def test_a_permit_that_was_begun_is_not_lost(pages: PageTown) -> None:
    trip = pages.town.draft("petrol")
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}/edit")
    fill(carrier, "add_permit")

    fill(carrier, "save", permits__0__plates="苏H12345")

    assert carrier.status == 422
    assert 'href="#permits-0-number"' in carrier.html
    assert value(carrier, "permits-0-plates") == "苏H12345"


def test_what_the_tank_held_is_asked_only_where_the_register_cannot_tell(
    pages: PageTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    trip = pages.town.draft("petrol")
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}/edit")
    assert value(carrier, "last_cargoes-0-entry_key") == ""
    fill(carrier, "save", last_cargoes__0__un_number="1230")
    [said] = stored(trip)["last_cargoes"]
    assert (said["entry_key"], said["nothing"]) == ("1230", False)
    assert value(carrier, "last_cargoes-0-entry_key") == "1230"

    def known(*_: object, **__: object) -> tuple[CargoFacts, ...]:
        cargo = CargoFacts(
            compartment=0, entry_key="1203", un_number="1203", loaded_at=pages.town.clock.now()
        )
        return (cargo,)

    monkeypatch.setattr("waybill.services.waybills.recollections.newest_cargoes", known)
    other = pages.town.draft("petrol")
    carrier.open(f"/waybills/{other.id}/edit")

    assert "系统记录：2026-11-22" in carrier.text
    assert value(carrier, "last_cargoes-0-entry_key") is None


def test_a_number_with_several_rows_is_asked_once_more(pages: PageTown) -> None:
    trip = pages.town.draft("petrol")
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}/edit")

    fill(carrier, "save", last_cargoes__0__un_number="1993")
    assert carrier.status == 422
    options = [o for o in carrier.html.split('<option value="') if o.startswith("1993-")]
    row = options[0].partition('"')[0]
    fill(carrier, "save", last_cargoes__0__row=row)

    assert [cargo["entry_key"] for cargo in stored(trip)["last_cargoes"]] == [row]


def test_a_draft_that_keeps_itself_gets_summary_and_tank_back(
    pages: PageTown,
) -> None:
    trip = pages.town.draft("petrol")
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}/edit")
    form: dict[str, Any] = fields_of(carrier.html, "waybill")
    form |= {"act": "keep", "goods-0-filling_temperature_c": "-3"}

    answer = carrier.client.post(carrier.address, data=form).get_json()

    assert sorted(answer) == ["address", "cargoes", "summary", "version"]
    assert answer["address"] == carrier.address
    assert "-3 °C" in answer["summary"]
    assert "last_cargoes-0-entry_key" in answer["cargoes"]
    assert stored(trip)["goods"][0]["filling_temperature_c"] == "-3"


def test_a_form_without_its_token_changes_nothing(pages: PageTown) -> None:
    trip = pages.town.draft("petrol")
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}/edit")

    fill(carrier, "add_permit", csrf_token="0" * 64)

    assert carrier.status == 403
    assert trip.version == 1


def test_the_waybill_shows_what_was_declared(pages: PageTown) -> None:
    changes: dict[str, object] = {name: FULL[name] for name in ("goods", "permits", "last_cargoes")}
    trip = pages.town.issue("petrol", **changes, foodstuffs="no")

    shown = pages.user("carrier").open(f"/waybills/{trip.id}").text

    assert "有限数量 · 危险废物 · 未清洗的空包装或空罐 · 液体 · 15 °C 时密度 0.7451 kg/L" in shown
    assert "充装温度 -12.5 °C" in shown
    assert "危险废物转移联单 LD-2026-0001 有效期至 2026-12-31" in shown
    assert "苏H·90001、苏H·9001挂 320800 → 321300" in shown
    assert "罐体上次装载 新罐，或已清洗干净 · 2 号仓 UN 1230" in shown.replace("\xa0", " ")
    assert "同车是否装有食品、食用品或饲料 否" in shown


def test_the_page_answers_in_english(pages: PageTown) -> None:
    trip = pages.town.draft("petrol", **FULL)

    shown = pages.user("carrier", english=True).open(f"/waybills/{trip.id}/edit").text

    assert "Gives the greatest filling" in shown
    assert "Permits on board" in shown
    assert "What the tank held last" in shown
