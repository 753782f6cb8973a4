"""From a text at the bay to evidence and words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.presenting import (
    PROBLEM_WORDS,
    Words,
    present,
    say_other_than_asked,
    say_problem,
    say_what_was_read,
)
from tests.harness.sealed_codes import (
    NOW,
    NOW_S,
    card_claims,
    signing_key,
    trusted,
    waybill_claims,
)
from waybill.qr_payload import QrError, QrKind, encode_qr_text
from waybill.rules.evidence import Presentation, ScanItem, ScanKind


def shown(text: str, *, typed: bool = False, expected: ScanKind | None = None) -> ScanItem | None:
    """Return the evidence that a text makes."""
    return present(text, trusted(), at=NOW, typed=typed, expected=expected).item


def item(kind: ScanKind, subject: str, problem: str = "") -> ScanItem:
    """Return plain evidence that was typed."""
    return ScanItem(
        kind=kind, presentation=Presentation.TYPED, subject=subject, at=NOW, problem=problem
    )


def code(kind: QrKind = QrKind.DRIVER, *, exp: int = NOW_S + 60) -> str:
    """Return the text of a genuine card."""
    return encode_qr_text(card_claims(kind, exp=exp), signing_key(), "http://localhost")


def test_a_genuine_card_is_evidence_whatever_was_asked() -> None:
    assert shown(code(), expected=ScanKind.TANK) == ScanItem(
        kind=ScanKind.DRIVER,
        presentation=Presentation.SIGNED_QR,
        subject="d_8f3a9c27b1",
        at=NOW,
        card_version=1,
    )


def test_a_waybills_code_carries_revision_and_goods() -> None:
    found = shown(encode_qr_text(waybill_claims(), signing_key(), "http://localhost"))

    assert found is not None
    assert (found.revision, found.goods) == (1, (("1203", "II", 28_500, "kg"),))


def test_an_expired_card_keeps_its_kind_and_its_problem() -> None:
    found = present(code(exp=NOW_S), trusted(), at=NOW)

    assert found.item is not None
    assert (found.item.kind, found.item.problem, found.problem) == (
        ScanKind.DRIVER,
        "expired",
        "expired",
    )


def test_a_number_without_a_shape_is_what_the_step_asks_for() -> None:
    assert shown("T-2022-0001", typed=True, expected=ScanKind.TANK) == item(
        ScanKind.TANK, "T-2022-0001"
    )


def test_it_is_nothing_where_nothing_was_asked() -> None:
    found = present("T-2022-0001", trusted(), at=NOW, typed=True)

    assert (found.item, found.problem) == (None, "unknown-format")


@pytest.mark.parametrize("kind", [ScanKind.VEHICLE, ScanKind.TRAILER, ScanKind.WAYBILL])
def test_what_has_a_shape_of_its_own_is_not_guessed_at(kind: ScanKind) -> None:
    assert shown("T-2022-0001", typed=True, expected=kind) == item(kind, "", "unknown-format")


@pytest.mark.parametrize("text", ["T\x00-1", "T" * 41, "T\u202e1"])
def test_a_number_that_cannot_be_shown_names_nothing(text: str) -> None:
    assert shown(text, typed=True, expected=ScanKind.TANK) == item(
        ScanKind.TANK, "", "unknown-format"
    )


@pytest.mark.parametrize("problem", [*QrError.TEXTS, *PROBLEM_WORDS, "never-heard-of"])
def test_every_problem_has_words(problem: str) -> None:
    words = say_problem(problem)

    assert words.zh.endswith("。")
    assert words.en.endswith(".")


def test_no_problem_has_no_words() -> None:
    assert say_problem("") == Words("", "")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, Words("未读出可用内容", "nothing that can be used")),
        (item(ScanKind.TANK, "T-1"), Words("罐体 T-1（手工输入）", "tank T-1 (typed by hand)")),
        (
            item(ScanKind.WAYBILL, "01a2"),
            Words("运单（手工输入）", "waybill (typed by hand)"),
        ),
    ],
)
def test_it_says_what_was_read(found: ScanItem | None, words: Words) -> None:
    assert say_what_was_read(found) == words


def test_it_says_what_was_asked_only_where_something_else_was_shown() -> None:
    tank = item(ScanKind.TANK, "T-1")

    assert say_other_than_asked(tank, ScanKind.TANK) == Words("", "")
    assert say_other_than_asked(tank, None) == Words("", "")
    assert say_other_than_asked(None, ScanKind.TANK) == Words("", "")
    assert say_other_than_asked(tank, ScanKind.DRIVER) == Words(
        "这是罐体，已记入该步骤；此步需要驾驶人。",
        "This is a tank and was noted there; asked for is the driver.",
    )


@given(st.text(max_size=200), st.booleans(), st.none() | st.sampled_from(ScanKind))
def test_every_text_has_an_answer_and_nothing_unproven_has_no_problem(
    text: str,
    typed: bool,  # noqa: FBT001  drawn
    expected: ScanKind | None,
) -> None:
    found = present(text, trusted(), at=NOW, typed=typed, expected=expected)

    assert found.item is not None or found.problem
    assert found.item is None or found.item.presentation is not Presentation.SIGNED_QR
