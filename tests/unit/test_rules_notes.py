"""What is said of the proof of rules and figures is there in Chinese too."""

from datetime import date

import pytest

from waybill.rules.figures import figures_in_force
from waybill.rules.limits import LIMITS
from waybill.rules.notes import _chinese, note_in
from waybill.rules.register import REGISTER

FIGURES = tuple(figures_in_force(date(2026, 11, 26)).figures.values())
NOTES = sorted(
    {rule.confirmed_note for rule in REGISTER}
    | {limit.confirmed_note for limit in LIMITS}
    | {figure.note for figure in FIGURES} - {""}
)


@pytest.mark.parametrize("note", [note for note in NOTES if note])
def test_every_note_has_words_in_chinese(note: str) -> None:
    said = note_in(note, "zh")

    assert said != note
    assert said.endswith("。")
    assert note_in(note, "en") == note


def test_the_units_of_the_registers_own_limits_are_in_chinese() -> None:
    assert all(note_in(limit.unit, "zh") != limit.unit for limit in LIMITS)
    assert note_in("kg/L", "zh") == "kg/L"


def test_no_sentence_is_kept_that_nothing_says() -> None:
    said = [*NOTES, *(limit.unit for limit in LIMITS)]

    assert [key for key in _chinese() if not any(key in note for note in said)] == []


def test_a_note_that_is_half_known_stays_as_it_is() -> None:
    assert note_in("From memory. Somebody said so.", "zh") == "From memory. Somebody said so."
    assert note_in("From memory. Read in ADR 2017.", "zh") == "未经原文核对。按 ADR 2017 核对。"
    assert note_in("", "zh") == ""
