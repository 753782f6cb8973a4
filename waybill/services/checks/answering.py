"""Answers, photos and overrides of a check: what they may name, who gives them, and when."""

from datetime import datetime
from typing import Final, TypeAlias

import msgspec

from waybill.errors import FieldProblem, InvalidFieldError, StateError
from waybill.registry.access import Actor, Permission, Role
from waybill.registry.kinds import AskedOf
from waybill.rules.evidence import AnswerItem, OverrideItem, PhotoItem
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import CheckStatus
from waybill.rules.looking import find_photo_to_take
from waybill.rules.questions import all_photos, all_questions
from waybill.services.checks.photos import UNREADABLE_CODE
from waybill.services.checks.reading import refuse_closed
from waybill.services.registry.validation import Complaint, FieldCheck
from waybill.storage.records import CheckRecord, PlantItemRecord

GivenItem: TypeAlias = AnswerItem | PhotoItem | OverrideItem

SHORTEST_REASON: Final = 5
LONGEST_REASON: Final = 300

NOT_ASKED: Final = Complaint(
    "not-asked",
    "没有这一项：它既不是法规要求的提问，也不是本装货地点启用的自查项。",
    "There is no such item: neither the law nor this facility asks it.",
)
NOT_YOURS: Final = Complaint(
    "not-yours", "此项由装卸管理人员回答。", "A loading supervisor answers this."
)
NOT_OVERRIDDEN: Final = Complaint(
    "not-overridden",
    "只有阻止装运的企业自查项可以放行，法规要求的项目任何人不能放行。",
    "Only a plant's own item that stops the load is let pass; what the law asks never is.",
)
TOO_SHORT: Final = Complaint(
    "too-short", "请写明理由，至少 5 个字。", "Give a reason of at least five characters."
)


def settle_given(
    actor: Actor, check: CheckRecord, plant_items: list[PlantItemRecord], item: GivenItem
) -> tuple[GivenItem, Phase]:
    """Return what is kept of an answer, a photo or an override, and for which phase it counts.

    Who overrides is the account that acts, whatever was handed in.

    Raises:
        ForbiddenError: the account may not let an item pass.
        InvalidFieldError: it names nothing that is asked here, or is not this account's to give.
    """
    if isinstance(item, OverrideItem):
        actor.require(Permission.OVERRIDE_PLANT_ITEM)
        return _override(actor, plant_items, item)
    named = item.question if isinstance(item, AnswerItem) else item.shows
    pointer = "/question" if isinstance(item, AnswerItem) else "/shows"
    own = _find_own(plant_items, named)
    if own is not None:
        others = own.asked_of is AskedOf.SUPERVISOR and actor.role is not Role.SUPERVISOR
        _refuse(pointer, NOT_YOURS, holds=not others)
        return item, own.phase
    if isinstance(item, PhotoItem) and item.shows == UNREADABLE_CODE:
        return item, Phase.BEFORE_LOADING
    phase = _phase_asked(item)
    if phase is None:
        raise InvalidFieldError([_problem(pointer, NOT_ASKED)])
    shown_any_time = isinstance(item, PhotoItem) and check.status is CheckStatus.CLEARED
    return item, Phase.AFTER_LOADING if shown_any_time else phase


def _phase_asked(item: AnswerItem | PhotoItem) -> Phase | None:
    """Return for which phase the law asks it, or a check that wants somebody to look."""
    if isinstance(item, AnswerItem):
        phases = {each.id: each.phase for each in all_questions()}
        return phases.get(item.question)
    by_law = {each.shows: each.phase for each in all_photos()}
    to_look = find_photo_to_take(item.shows)
    return by_law.get(item.shows) or (to_look.phase if to_look else None)


def _override(
    actor: Actor, plant_items: list[PlantItemRecord], item: OverrideItem
) -> tuple[OverrideItem, Phase]:
    own = _find_own(plant_items, item.item)
    check = FieldCheck()
    reason = check.line("/reason", item.reason, longest=LONGEST_REASON)
    check.expect("/reason", TOO_SHORT, holds=not reason or len(reason) >= SHORTEST_REASON)
    check.expect("/item", NOT_OVERRIDDEN, holds=own is not None and own.stops)
    check.settle()
    phase = own.phase if own else Phase.BEFORE_LOADING
    return msgspec.structs.replace(item, by=str(actor.user_id), reason=reason), phase


def _find_own(plant_items: list[PlantItemRecord], named: str) -> PlantItemRecord | None:
    return next((each for each in plant_items if str(each.id) == named), None)


def _refuse(pointer: str, complaint: Complaint, *, holds: bool) -> None:
    if not holds:
        raise InvalidFieldError([_problem(pointer, complaint)])


def _problem(pointer: str, complaint: Complaint) -> FieldProblem:
    return FieldProblem(
        pointer=pointer,
        code=complaint.code,
        message_zh=complaint.message_zh,
        message_en=complaint.message_en,
    )


def refuse_untimely(check: CheckRecord, phase: Phase, act: str, at: datetime) -> None:
    """Refuse evidence for a phase that the check is not in.

    Raises:
        StateError: says what to do instead.
    """
    if phase is not Phase.AFTER_LOADING:
        refuse_closed(check, act, at)
        return
    if check.status is not CheckStatus.CLEARED:
        raise StateError(
            "此项在准装之后、放行之前回答。",
            f"This belongs between clearance and release; the check is {check.status.value}.",
            state=check.status.value,
            act=act,
            next_step_zh="先完成装货前查验，装货后再回答。",
            next_step_en="Finish the check before loading; answer this after loading.",
        )
