import re

import pytest

from waybill.errors import (
    AuthenticationError,
    ConflictError,
    DuplicateError,
    FieldProblem,
    FindingsNotAcceptedError,
    ForbiddenError,
    InvalidFieldError,
    IssueBlockedError,
    NotFoundError,
    PreconditionFailedError,
    SealedFieldError,
    StateError,
    ThrottledError,
    WaybillError,
)

PROBLEM = FieldProblem(
    pointer="/plate", code="plate-shape", message_zh="车牌号有误。", message_en="No plate."
)
RAISED: tuple[WaybillError, ...] = (
    WaybillError(),
    AuthenticationError(),
    ConflictError(current_version=3, changed=["plate"]),
    DuplicateError("已存在。", "It exists.", pointer="/uscc"),
    FindingsNotAcceptedError([{"code": "VEH-01"}]),
    ForbiddenError(),
    InvalidFieldError([PROBLEM]),
    IssueBlockedError([{"code": "GDS-01"}]),
    NotFoundError("waybill", 7),
    PreconditionFailedError(current_version=3),
    SealedFieldError(["goods", "driver"]),
    StateError(state="draft", act="clear"),
    ThrottledError(30),
)


@pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
class TestEveryError:
    def test_its_code_is_kebab_case(self, error: WaybillError) -> None:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", error.code)

    def test_it_has_words_in_both_languages(self, error: WaybillError) -> None:
        assert all((error.title_zh, error.title_en))
        assert bool(error.detail_zh) == bool(error.detail_en)
        assert bool(error.next_step_zh) == bool(error.next_step_en)
        assert str(error) in {error.detail_en, error.title_en}


def test_no_two_errors_share_a_code() -> None:
    assert len({error.code for error in RAISED}) == len(RAISED)


def test_a_conflict_says_what_changed() -> None:
    error = ConflictError(current_version=3, changed=["plate"])

    assert (error.current_version, error.changed) == (3, ("plate",))


def test_a_failed_precondition_says_which_version_there_is() -> None:
    error = PreconditionFailedError(current_version=3, changed=["plate"])

    assert (error.current_version, error.changed) == (3, ("plate",))


def test_invalid_fields_are_all_named_and_the_first_is_pointed_at() -> None:
    error = InvalidFieldError([PROBLEM, PROBLEM])

    assert (error.problems, error.pointer) == ((PROBLEM, PROBLEM), "/plate")
    assert error.detail_zh == "车牌号有误。；车牌号有误。"


def test_an_invalid_field_without_a_problem_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="needs its problem"):
        InvalidFieldError([])


def test_what_was_not_found_is_named_by_kind_and_identity() -> None:
    error = NotFoundError("waybill", 7)

    assert (error.kind, error.identity) == ("waybill", "7")


def test_the_rest_carry_what_a_client_needs() -> None:
    assert StateError(state="draft", act="clear").state == "draft"
    assert StateError(state="draft", act="clear").act == "clear"
    assert SealedFieldError(["goods"]).fields == ("goods",)
    assert ThrottledError(30).retry_after_s == 30
    assert FindingsNotAcceptedError([{"code": "VEH-01"}]).findings == ({"code": "VEH-01"},)
