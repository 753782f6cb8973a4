"""What the form of a waybill asks, and what it fills in by itself."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import pytest
from werkzeug.datastructures import MultiDict

from api.page_forms import FormReader
from api.pages.choices import Choice, Choices
from api.pages.draft_cargoes import add_open_cargoes, asked_cargoes
from api.pages.draft_form import Waiting, form_of, read_draft
from api.pages.draft_goods import asks_about_food, goods_list, lines_of, state_of
from api.pages.draft_permits import add_blank_permits
from tests.harness.drafts import NOW
from waybill.document import LastCargo
from waybill.rules.facts import CargoFacts, CarriageMode, PhysicalState
from waybill.services.waybills.draft import Draft, DraftGoods
from waybill.services.waybills.recollections import TankMemory


@pytest.mark.parametrize(
    ("key", "state"),
    [
        ("1203", PhysicalState.LIQUID),
        ("1230", PhysicalState.LIQUID),
        ("1402-i", PhysicalState.SOLID),
        ("1978", PhysicalState.GAS),
        ("0331", PhysicalState.SOLID),
    ],
)
def test_a_row_tells_the_state_of_its_goods_where_it_leaves_no_doubt(
    key: str, state: PhysicalState
) -> None:
    assert state_of(goods_list(NOW).get(key)) is state


def test_a_row_for_solids_and_liquids_alike_leaves_the_state_open() -> None:
    both = [e for e in goods_list(NOW).entries if {c[0] for c in e.tank_codes} == {"L", "S"}]
    none = [e for e in goods_list(NOW).entries if not e.tank_codes and e.hazard_class != "2"]

    assert {state_of(entry) for entry in both + none} == {PhysicalState.ASK}


def lines(*keys: str) -> MultiDict[str, str]:
    """Return a form with these rows."""
    return MultiDict({f"goods-{n}-entry_key": key for n, key in enumerate(keys)})


def test_food_is_asked_about_only_where_goods_must_be_kept_from_it() -> None:
    toxic = next(e.key for e in goods_list(NOW).entries if "CV28" in e.cv_loading)

    assert not asks_about_food(lines_of(lines("1203"), NOW))
    assert asks_about_food(lines_of(lines("1203", toxic), NOW))


NO_CHOICES: Final = Choices(
    vehicles=[Choice(value="v", words="", detail="苏H12345")],
    trailers=[Choice(value="t", words="", detail="苏H1234挂")],
    tanks=[],
    drivers=[],
    escorts=[],
    consignors=[],
    consignees=[],
    facilities=[Choice(value="f", words="", detail="320800")],
)


@pytest.mark.parametrize(
    ("keys", "extra", "kind"),
    [
        (["1203"], {}, ""),
        (["1203"], {"goods-0-waste": "on"}, "waste_manifest"),
        (["1203"], {"goods-0-highly_toxic_declared": "yes"}, "highly_toxic_pass"),
        (["0336"], {}, "fireworks"),
        (["0331"], {}, "civil_explosives"),
        (["2908"], {}, "radioactive"),
    ],
)
def test_a_blank_permit_is_filled_from_the_rest_of_the_form(
    keys: list[str], extra: dict[str, str], kind: str
) -> None:
    form = lines(*keys)
    form.update(extra)
    form.update({"vehicle_id": "v", "trailer_id": "t", "facility_id": "f"})
    form["destination-area_code"] = "321300"

    add_blank_permits(form, 1, lines_of(form, NOW), NO_CHOICES)

    offered = {
        "kind": kind,
        "un_numbers": keys[0],
        "plates": "苏H12345, 苏H1234挂",
        "from_area_code": "320800",
        "to_area_code": "321300",
    }
    assert {name: form[f"permits-0-{name}"] for name in offered} == offered
    waiting = read_permits_only(form)
    assert waiting == Waiting(permits=1)


def read_permits_only(form: MultiDict[str, str]) -> Waiting:
    """Read the permits of a form and say what waits."""
    only = MultiDict({n: v for n, v in form.items() if n.startswith("permits-")})
    return read_draft(FormReader(form=only), NOW).waiting


def test_no_more_permits_are_added_than_a_form_holds() -> None:
    form: MultiDict[str, str] = MultiDict()

    add_blank_permits(form, 99, [], NO_CHOICES)

    assert [name for name in form if name.endswith("-kind")] == [
        f"permits-{number}-kind" for number in range(10)
    ]


def memory(compartments: Sequence[int], known: Sequence[int] = ()) -> TankMemory:
    """Return what the register knows of a tank."""
    return TankMemory(
        compartments=tuple(compartments),
        largest_section_l=Decimal(7500),
        last_cargoes=tuple(
            CargoFacts(compartment=n, entry_key="1203", un_number="1203", loaded_at=NOW)
            for n in known
        ),
    )


def test_only_compartments_of_which_nothing_is_known_are_asked() -> None:
    form = form_of(Draft(last_cargoes=(LastCargo(compartment=3, nothing=True),)), 1)

    add_open_cargoes(form, memory([1, 2, 3], known=[2]))

    assert [asked.compartment for asked in asked_cargoes(form, (), NOW)] == [3, 1]


def test_without_a_tank_nothing_is_asked() -> None:
    form: MultiDict[str, str] = MultiDict()

    add_open_cargoes(form, None)

    assert asked_cargoes(form, (), NOW) == []


def test_a_compartment_is_offered_what_this_trip_carries_in_the_tank_and_what_was_said() -> None:
    said = LastCargo(compartment=1, entry_key="1202-a", un_number="1202")
    form = form_of(
        Draft(
            goods=(
                DraftGoods(entry_key="1203", quantity_kg=Decimal(1), mode=CarriageMode.TANK),
                DraftGoods(entry_key="1230", quantity_kg=Decimal(1), mode=CarriageMode.PACKAGES),
            ),
            last_cargoes=(said,),
        ),
        1,
    )

    [asked] = asked_cargoes(form, lines_of(form, NOW), NOW)

    assert [key for key, _ in asked.options] == ["1203", "1202-a"]
    assert list(asked.carried) == ["1203"]
    assert asked.rows == ()
