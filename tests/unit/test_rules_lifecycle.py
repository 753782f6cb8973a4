"""The life of a waybill as a table, and which signature seals which field."""

from itertools import product

import pytest

from waybill.document import LoadingRecord, WaybillContent
from waybill.errors import SealedFieldError, StateError
from waybill.rules.fields import (
    FIELD_RULES,
    GIVEN_BY_THE_SYSTEM,
    Signature,
    check_sealed,
    missing_fields,
)
from waybill.rules.lifecycle import STATUS_ZH, TRANSITIONS, Act, WaybillStatus, check_transition

POSSIBLE = {
    (WaybillStatus.DRAFT, Act.EDIT): WaybillStatus.DRAFT,
    (WaybillStatus.DRAFT, Act.DISCARD): WaybillStatus.DRAFT,
    (WaybillStatus.DRAFT, Act.ISSUE): WaybillStatus.ISSUED,
    (WaybillStatus.ISSUED, Act.CHECK): WaybillStatus.ISSUED,
    (WaybillStatus.ISSUED, Act.CLEAR): WaybillStatus.CLEARED,
    (WaybillStatus.CLEARED, Act.RELEASE): WaybillStatus.RELEASED,
    (WaybillStatus.ISSUED, Act.CANCEL): WaybillStatus.CANCELLED,
    (WaybillStatus.CLEARED, Act.CANCEL): WaybillStatus.CANCELLED,
}


@pytest.mark.parametrize(("status", "act"), list(product(WaybillStatus, Act)))
def test_only_what_the_table_allows_happens(status: WaybillStatus, act: Act) -> None:
    if (status, act) in POSSIBLE:
        assert check_transition(status, act) is POSSIBLE[status, act]
        return

    with pytest.raises(StateError) as refused:
        check_transition(status, act)

    assert (refused.value.state, refused.value.act) == (status.value, act.value)
    assert refused.value.next_step_zh == TRANSITIONS[act].next_step_zh
    assert refused.value.next_step_en == TRANSITIONS[act].next_step_en
    assert refused.value.detail_zh == f"运单当前状态为“{STATUS_ZH[status]}”。"
    assert refused.value.detail_en == f"The waybill is {status.value}."


def test_every_act_and_state_has_its_words() -> None:
    assert set(TRANSITIONS) == set(Act)
    assert set(STATUS_ZH) == set(WaybillStatus)


def test_every_field_of_a_signed_document_has_its_rule_or_is_given_by_the_system() -> None:
    signed = {*WaybillContent.__struct_fields__, *LoadingRecord.__struct_fields__}

    assert set(FIELD_RULES) & GIVEN_BY_THE_SYSTEM == set()
    assert set(FIELD_RULES) | GIVEN_BY_THE_SYSTEM == signed


@pytest.mark.parametrize("empty", [None, "", (), []])
def test_an_empty_field_is_missing(empty: object) -> None:
    given: dict[str, object] = dict.fromkeys(FIELD_RULES, "x")

    assert missing_fields(given | {"goods": empty}, Signature.CARRIER) == ("goods",)


def test_a_field_of_a_later_signature_is_not_missed_yet() -> None:
    assert "seals" not in missing_fields({}, Signature.LOADER)
    assert missing_fields({}, Signature.LOADER) == (
        "loaded",
        "supervisor",
        "started_at",
        "finished_at",
    )


def test_a_sealed_field_cannot_be_changed() -> None:
    with pytest.raises(SealedFieldError):
        check_sealed(frozenset({"goods", "loaded"}), frozenset({Signature.CARRIER}))


def test_every_field_is_sealed_by_the_first_signature_that_covers_it() -> None:
    first = set(WaybillContent.__struct_fields__) & set(FIELD_RULES)
    later = set(LoadingRecord.__struct_fields__) & set(FIELD_RULES) - first

    assert {name: rule.sealed_from for name, rule in FIELD_RULES.items()} == {
        **dict.fromkeys(first, Signature.CARRIER),
        **dict.fromkeys(later, Signature.LOADER),
    }
    with pytest.raises(SealedFieldError) as refused:
        check_sealed(frozenset(first | later), frozenset({Signature.LOADER}))
    assert refused.value.fields == tuple(sorted(first | later))


def test_what_no_signature_covers_may_change() -> None:
    check_sealed(frozenset({"loaded"}), frozenset({Signature.CARRIER}))
    check_sealed(frozenset({"goods"}), frozenset())
