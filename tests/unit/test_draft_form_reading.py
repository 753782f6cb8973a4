"""The form of a waybill as somebody types it: what is read, and what is named when it is not."""

from decimal import Decimal
from typing import Any, Final

import pytest
from werkzeug.datastructures import MultiDict

from api.page_forms import FormReader
from api.pages.draft_form import read_draft
from api.pages.draft_goods import goods_list
from tests.harness.drafts import NOW
from waybill.document import LastCargo
from waybill.errors import InvalidFieldError
from waybill.services.waybills.draft import Draft


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
