"""What the carrier declares of a trip: permits, what the tank held, and how it all is shown."""

from typing import Any

import pytest

from tests.harness.drafts import FULL
from tests.harness.page_forms import fields_of, fill, value
from tests.harness.page_user import PageTown
from waybill.rules.facts import CargoFacts


def test_a_permit_is_added_with_what_the_waybill_tells_and_taken_away_again(
    pages: PageTown,
) -> None:
    trip = pages.town.draft("petrol")
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}/edit")

    fill(carrier, "add_permit")
    fill(carrier, "add_permit")

    assert value(carrier, "permits-1-un_numbers") == "1203"
    assert value(carrier, "permits-1-plates") == "苏H90001, 苏H9001挂"
    assert value(carrier, "permits-1-to_area_code") == "321300"
    fill(carrier, "save")
    assert trip.read()["draft"]["permits"] == []
    assert value(carrier, "permits-1-number") == ""

    fill(carrier, "drop_permit:1", permits__0__kind="waste_manifest", permits__0__number="LD-1")
    assert [permit["number"] for permit in trip.read()["draft"]["permits"]] == ["LD-1"]
    fill(carrier, "drop_permit:0")
    assert trip.read()["draft"]["permits"] == []


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
    trip = pages.town.draft("petrol", last_cargoes=[])
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}/edit")
    assert value(carrier, "last_cargoes-0-entry_key") == ""
    fill(carrier, "save", last_cargoes__0__un_number="1230")
    [said] = trip.read()["draft"]["last_cargoes"]
    assert (said["entry_key"], said["nothing"]) == ("1230", False)
    assert value(carrier, "last_cargoes-0-entry_key") == "1230"

    def known(*_: object, **__: object) -> tuple[CargoFacts, ...]:
        cargo = CargoFacts(
            compartment=0, entry_key="1203", un_number="1203", loaded_at=pages.town.clock.now()
        )
        return (cargo,)

    monkeypatch.setattr("waybill.services.waybills.recollections.newest_cargoes", known)
    other = pages.town.draft("petrol", last_cargoes=[])
    carrier.open(f"/waybills/{other.id}/edit")

    assert "系统记录：2026-11-22" in carrier.text
    assert value(carrier, "last_cargoes-0-entry_key") is None


def test_a_number_with_several_rows_is_asked_once_more(pages: PageTown) -> None:
    trip = pages.town.draft("petrol", last_cargoes=[])
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}/edit")

    fill(carrier, "save", last_cargoes__0__un_number="1993")
    assert carrier.status == 422
    options = [o for o in carrier.html.split('<option value="') if o.startswith("1993-")]
    row = options[0].partition('"')[0]
    fill(carrier, "save", last_cargoes__0__row=row)

    assert [cargo["entry_key"] for cargo in trip.read()["draft"]["last_cargoes"]] == [row]


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
    assert trip.read()["draft"]["goods"][0]["filling_temperature_c"] == "-3"


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
