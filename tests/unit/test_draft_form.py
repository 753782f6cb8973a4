"""The form of a waybill: every draft comes back from it as it went in; what is wrong is named."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from api.page_forms import FormReader
from api.pages.choices import Choice, Choices
from api.pages.draft_cargoes import add_open_cargoes, asked_cargoes
from api.pages.draft_form import Dropped, Waiting, form_of, read_draft, unfilled
from api.pages.draft_goods import asks_about_food, goods_list, lines_of, state_of
from api.pages.draft_permits import add_blank_permits
from waybill.document import LastCargo, Permit
from waybill.errors import InvalidFieldError
from waybill.registry.kinds import PermitKind
from waybill.rules.facts import Answer, CargoFacts, CarriageMode, PhysicalState, Regime
from waybill.services.waybills.draft import Destination, Draft, DraftGoods
from waybill.services.waybills.recollections import Recollection, TankMemory

NOW: Final = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
KEYS: Final = st.sampled_from([entry.key for entry in goods_list(NOW).entries][::50])


def figures(places: int) -> st.SearchStrategy[Decimal | None]:
    """Quantities as they are declared, or none."""
    given_ones = st.decimals(min_value=Decimal(1).scaleb(-places), max_value=99_999, places=places)
    return st.none() | given_ones


def words(most: int) -> st.SearchStrategy[str]:
    """A line of text, without outer spaces."""
    letters = st.characters(whitelist_categories=("L", "N"), whitelist_characters="-·（）/ ")
    return st.text(letters, max_size=most).map(str.strip)


goods = st.builds(
    DraftGoods,
    entry_key=KEYS,
    quantity_kg=st.decimals(min_value=Decimal("0.001"), max_value=99_999, places=3),
    mode=st.sampled_from(CarriageMode),
    quantity_l=figures(3),
    compartment=st.none() | st.integers(1, 20),
    packaging=words(100),
    packages=st.none() | st.integers(1, 999_999),
    technical_name=words(200),
    concentration=words(40),
    highly_toxic_declared=st.sampled_from(Answer),
    not_subject_declared=st.sampled_from(Answer),
    regime=st.sampled_from(Regime),
    physical_state=st.sampled_from(PhysicalState),
    waste=st.booleans(),
    empty_uncleaned=st.booleans(),
    density_kg_l=figures(4),
    density_50_kg_l=figures(4),
    filling_temperature_c=st.none() | st.decimals(min_value=-200, max_value=300, places=1),
    viscosity_mm2_s=figures(4),
    gross_mass_kg=figures(4),
    package_gross_kg=figures(4),
    package_net_l=figures(4),
    package_net_kg=figures(4),
    inner_l=figures(4),
    inner_kg=figures(4),
    shrink_wrapped=st.booleans(),
    net_explosive_mass_kg=figures(4),
)
un_numbers = st.from_regex("[0-9]{4}", fullmatch=True)
area_codes = st.just("") | st.from_regex("[0-9]{6}", fullmatch=True)
DAYS: Final = st.dates(min_value=date(2020, 1, 1), max_value=date(2099, 1, 1))


@st.composite
def permits(draw: st.DrawFn) -> Permit:
    """A permit whose last day is not before its first."""
    first, last = sorted([draw(DAYS), draw(DAYS)])
    return Permit(
        kind=draw(st.sampled_from(PermitKind)),
        number=draw(words(60).filter(bool)),
        un_numbers=tuple(draw(st.lists(un_numbers, max_size=8))),
        quantity_kg=draw(figures(3)),
        plates=tuple(draw(st.lists(st.sampled_from(["苏H12345", "苏H1234挂", "临 0001"])))[:4]),
        valid_from=draw(st.sampled_from([None, first])),
        valid_until=draw(st.sampled_from([None, last])),
        from_area_code=draw(area_codes),
        to_area_code=draw(area_codes),
        route=draw(words(300)),
    )


cargoes = st.builds(
    lambda compartment, key: LastCargo(
        compartment=compartment, nothing=not key, entry_key=key, un_number=key[:4]
    ),
    compartment=st.integers(0, 20),
    key=st.just("") | KEYS,
)
identities = st.none() | st.uuids()
drafts = st.builds(
    Draft,
    consignor_id=identities,
    consignee_id=identities,
    facility_id=identities,
    vehicle_id=identities,
    trailer_id=identities,
    tank_id=identities,
    driver_id=identities,
    escort_id=identities,
    planned_loading_at=st.none()
    | st.integers(0, 10_000_000).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + m * MINUTE),
    destination=st.none()
    | st.builds(Destination, area_code=un_numbers, address=words(200).filter(bool)),
    city_delivery=st.booleans(),
    goods=st.lists(goods, max_size=3).map(tuple),
    emergency_phone=words(40),
    remarks=st.lists(words(40).filter(bool), max_size=3).map("\n".join),
    foodstuffs=st.sampled_from(Answer),
    permits=st.lists(permits(), max_size=3).map(tuple),
    last_cargoes=st.lists(cargoes, max_size=5).map(tuple),
)


@given(draft=drafts)
def test_a_draft_comes_back_from_its_form_as_it_went_in(draft: Draft) -> None:
    form = form_of(draft, 3)

    written = read_draft(FormReader(form=form), NOW)

    assert written.draft == draft
    assert not written.waiting


@given(key=KEYS, values=st.dictionaries(st.just("density_kg_l"), figures(4).filter(bool)))
def test_a_row_that_was_only_picked_waits_whatever_it_was_filled_with(
    key: str, values: dict[str, Decimal]
) -> None:
    recalled = {key: Recollection(issued_at=NOW, values=values)}
    form = form_of(Draft(), 1, [key], at=NOW, recalled=recalled)

    assert read_draft(FormReader(form=form), NOW).waiting == Waiting(rows=(key,))


def complaints(**fields: str) -> list[tuple[str, str]]:
    """Return which fields of a form are complained about, and why."""
    named = {name.replace("__", "-"): value for name, value in fields.items()}
    reader = FormReader(form=MultiDict(named))
    with pytest.raises(InvalidFieldError):
        read_draft(reader, NOW)
    return [(problem.pointer, problem.code) for problem in reader.problems]


PETROL: Final[dict[str, Any]] = {"goods__0__entry_key": "1203", "goods__0__mode": "tank"}
PERMIT: Final[dict[str, Any]] = {"permits__0__kind": "waste_manifest", "permits__0__number": "1"}
CARGO: Final[dict[str, Any]] = {"last_cargoes__0__compartment": "1"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(
            PETROL | {"goods__0__filling_temperature_c": "-12.5"},
            [("/goods-0-quantity_kg", "required")],
            id="something written beside a row without its quantity",
        ),
        pytest.param(
            {"goods__0__entry_key": "1203", "goods__0__offered": "mode=tank", "goods__0__mode": ""},
            [("/goods-0-quantity_kg", "required")],
            id="a picked row whose mode was changed",
        ),
        pytest.param(
            PETROL | {"goods__0__quantity_kg": "1", "goods__0__filling_temperature_c": "-12.55"},
            [("/goods-0-filling_temperature_c", "number")],
            id="a temperature of two decimals",
        ),
        pytest.param(
            PETROL | {"goods__0__quantity_kg": "1", "goods__0__density_kg_l": "-0.7"},
            [("/goods-0-density_kg_l", "number")],
            id="a density below zero",
        ),
        pytest.param(
            PETROL | {"goods__0__quantity_kg": "1", "goods__0__concentration": "9" * 41},
            [("/goods-0-concentration", "too-long")],
            id="a text beyond its length",
        ),
        pytest.param(
            PERMIT | {"permits__0__number": "", "permits__0__route": "G25"},
            [("/permits-0-number", "required")],
            id="a permit without number",
        ),
        pytest.param(
            PERMIT | {"permits__0__kind": ""},
            [("/permits-0-kind", "choose")],
            id="a permit without kind",
        ),
        pytest.param(
            PERMIT | {"permits__0__quantity_kg": "0"},
            [("/permits-0-quantity_kg", "positive")],
            id="a permit for nothing",
        ),
        pytest.param(
            PERMIT
            | {"permits__0__valid_from": "2026-11-22", "permits__0__valid_until": "2026-11-21"},
            [("/permits-0-valid_until", "backwards")],
            id="a permit that ends before it begins",
        ),
        pytest.param(
            PERMIT | {"permits__0__un_numbers": "1203, 12"},
            [("/permits-0-un_numbers", "un-numbers")],
            id="a UN number of two digits",
        ),
        pytest.param(
            PERMIT | {"permits__0__plates": "甲,乙,丙,丁,戊"},
            [("/permits-0-plates", "plates")],
            id="five plates",
        ),
        pytest.param(
            PERMIT | {"permits__0__from_area_code": "3208", "permits__0__to_area_code": "x"},
            [("/permits-0-from_area_code", "area-code"), ("/permits-0-to_area_code", "area-code")],
            id="area codes that are none",
        ),
        pytest.param(
            CARGO | {"last_cargoes__0__entry_key": "other"},
            [("/last_cargoes-0-un_number", "required")],
            id="other goods without a number",
        ),
        pytest.param(
            CARGO | {"last_cargoes__0__un_number": "9999"},
            [("/last_cargoes-0-un_number", "unknown-reference")],
            id="a number the list lacks",
        ),
        pytest.param(
            CARGO | {"last_cargoes__0__un_number": "UN1993"},
            [("/last_cargoes-0-row", "several-rows")],
            id="a number of several rows",
        ),
        pytest.param(
            CARGO | {"last_cargoes__0__entry_key": "nothing", "last_cargoes__0__un_number": "1202"},
            [("/last_cargoes-0-un_number", "one-of-two")],
            id="empty and not empty at once",
        ),
        pytest.param(
            CARGO | {"last_cargoes__0__entry_key": "petrol"},
            [("/last_cargoes-0-entry_key", "choose")],
            id="a key that is none",
        ),
    ],
)
def test_what_cannot_be_kept_is_named(
    fields: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert complaints(**fields) == expected


def read(**fields: str) -> Draft:
    """Return the draft that a form makes."""
    named = {name.replace("__", "-"): value for name, value in fields.items()}
    return read_draft(FormReader(form=MultiDict(named)), NOW).draft


@pytest.mark.parametrize("text", ["-12.5", "−12.5", "－12.5", "–12.5"])  # noqa: RUF001  keyboards differ
def test_a_temperature_below_zero_is_read_with_any_minus(text: str) -> None:
    form = PETROL | {"goods__0__quantity_kg": "1", "goods__0__filling_temperature_c": text}

    assert read(**form).goods[0].filling_temperature_c == Decimal("-12.5")


def test_plates_and_numbers_are_read_as_people_separate_them() -> None:
    form = PERMIT | {
        "permits__0__un_numbers": "UN1203、1230 un1993",
        "permits__0__plates": "苏H·12345，苏h1234挂；临 0001",
    }

    permit = read(**form).permits[0]

    assert permit.un_numbers == ("1203", "1230", "1993")
    assert permit.plates == ("苏H12345", "苏H1234挂", "临 0001")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"entry_key": ""}, ()),
        ({"entry_key": "1203"}, (LastCargo(compartment=1, entry_key="1203", un_number="1203"),)),
        ({"entry_key": "nothing"}, (LastCargo(compartment=1, nothing=True),)),
        ({"un_number": "1230"}, (LastCargo(compartment=1, entry_key="1230", un_number="1230"),)),
    ],
    ids=["unsaid", "chosen", "nothing", "by number"],
)
def test_what_a_compartment_held_is_read(
    fields: dict[str, str], expected: tuple[LastCargo, ...]
) -> None:
    form = CARGO | {f"last_cargoes__0__{name}": value for name, value in fields.items()}

    assert read(**form).last_cargoes == expected


def test_of_a_number_with_several_rows_the_chosen_one_is_kept() -> None:
    row = goods_list(NOW).find("1993")[1].key
    form = CARGO | {
        "last_cargoes__0__entry_key": "other",
        "last_cargoes__0__un_number": "1993",
        "last_cargoes__0__row": row,
    }

    kept = LastCargo(compartment=1, entry_key=row, un_number="1993")
    assert read(**form).last_cargoes == (kept,)


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


def test_what_is_dropped_is_not_read() -> None:
    form = form_of(
        Draft(
            goods=tuple(
                DraftGoods(entry_key=key, quantity_kg=Decimal(1), mode=CarriageMode.TANK)
                for key in ("1203", "1230")
            ),
            permits=tuple(
                Permit(kind=PermitKind.WASTE_MANIFEST, number=number) for number in ("A", "B")
            ),
        ),
        1,
    )

    without_line = read_draft(FormReader(form=form), NOW, dropped=Dropped(line=0)).draft
    without_permit = read_draft(FormReader(form=form), NOW, dropped=Dropped(permit=0)).draft

    assert [line.entry_key for line in without_line.goods] == ["1230"]
    assert [permit.number for permit in without_line.permits] == ["A", "B"]
    assert [permit.number for permit in without_permit.permits] == ["B"]


def test_what_waits_is_named_behind_what_is_written() -> None:
    draft = Draft(permits=(Permit(kind=PermitKind.WASTE_MANIFEST, number="A"),))

    problems = unfilled(draft, Waiting(rows=("1203",), permits=1))

    assert [(problem.pointer, problem.code) for problem in problems] == [
        ("/goods/0/quantity_kg", "required"),
        ("/permits/1/number", "required"),
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
