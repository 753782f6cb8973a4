"""The life of a waybill and of a check: states and transitions as one table each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from waybill.errors import StateError


class WaybillStatus(StrEnum):
    """Where a waybill is in its life. Delivery, receipt and closing follow release."""

    DRAFT = "draft"
    ISSUED = "issued"
    CLEARED = "cleared"
    RELEASED = "released"
    CANCELLED = "cancelled"


class CheckStatus(StrEnum):
    """Where a check stands: `open` until first decided, then as its newest decision says.

    An aborted one is over: nothing is decided or released by it any more.
    """

    OPEN = "open"
    REFUSED = "refused"
    CLEARED = "cleared"
    RELEASED = "released"
    ABORTED = "aborted"


class Aboard(StrEnum):
    """What is in the vehicle when a loading is broken off, as the bay staff say."""

    NOTHING = "nothing"
    UNLOADED = "unloaded"
    GOODS = "goods"
    UNSAID = "unsaid"


class Act(StrEnum):
    """What can be done with a waybill."""

    EDIT = "edit"
    DISCARD = "discard"
    ISSUE = "issue"
    CHECK = "check"
    CLEAR = "clear"
    RELEASE = "release"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """From which states an act is possible, and which state it leads to (`None`: no change)."""

    allowed_from: frozenset[WaybillStatus]
    leads_to: WaybillStatus | None
    next_step_zh: str
    next_step_en: str


def _from(*states: WaybillStatus) -> frozenset[WaybillStatus]:
    return frozenset(states)


TRANSITIONS: Final[Mapping[Act, Transition]] = {
    Act.EDIT: Transition(
        allowed_from=_from(WaybillStatus.DRAFT),
        leads_to=None,
        next_step_zh="已签发的运单不能修改：请作废后重新签发。",
        next_step_en="An issued waybill is not edited: cancel it and issue a new one.",
    ),
    Act.DISCARD: Transition(
        allowed_from=_from(WaybillStatus.DRAFT),
        leads_to=None,
        next_step_zh="已签发的运单不能删除，只能作废。",
        next_step_en="An issued waybill is not deleted; it can be cancelled.",
    ),
    Act.ISSUE: Transition(
        allowed_from=_from(WaybillStatus.DRAFT),
        leads_to=WaybillStatus.ISSUED,
        next_step_zh="该运单已签发或已作废：如需再次运输，请新建运单。",
        next_step_en="It is issued or cancelled already: for another trip make a new waybill.",
    ),
    Act.CHECK: Transition(
        allowed_from=_from(WaybillStatus.ISSUED),
        leads_to=None,
        next_step_zh="只有已签发且未使用的运单可以查验：请承运人出具有效运单。",
        next_step_en="Only an issued, unused waybill is checked: ask the carrier for a valid one.",
    ),
    Act.CLEAR: Transition(
        allowed_from=_from(WaybillStatus.ISSUED),
        leads_to=WaybillStatus.CLEARED,
        next_step_zh="该运单已被使用或已作废：请承运人出具有效运单。",
        next_step_en="It was used or cancelled already: ask the carrier for a valid waybill.",
    ),
    Act.RELEASE: Transition(
        allowed_from=_from(WaybillStatus.CLEARED),
        leads_to=WaybillStatus.RELEASED,
        next_step_zh="先完成装货前查验并准装，才能放行；每份运单只放行一次。",
        next_step_en="A waybill is released once, after it was checked and cleared.",
    ),
    Act.CANCEL: Transition(
        allowed_from=_from(WaybillStatus.ISSUED, WaybillStatus.CLEARED),
        leads_to=WaybillStatus.CANCELLED,
        next_step_zh="草稿可直接删除；已放行的运单不能作废。",
        next_step_en="A draft is simply deleted; a released waybill can no longer be cancelled.",
    ),
}


ABORT: Final = "abort"
_UNCHANGED: Final[Mapping[WaybillStatus, WaybillStatus]] = {
    status: status for status in WaybillStatus if status is not WaybillStatus.DRAFT
}
ABORTED: Final[Mapping[CheckStatus, Mapping[WaybillStatus, WaybillStatus]]] = {
    CheckStatus.OPEN: _UNCHANGED,
    CheckStatus.REFUSED: _UNCHANGED,
    CheckStatus.CLEARED: {
        WaybillStatus.CLEARED: WaybillStatus.CANCELLED,
        WaybillStatus.CANCELLED: WaybillStatus.CANCELLED,
    },
}
"""What an abort makes of a waybill, by how check and waybill stand; what is not here is refused.

Before the clearance nothing was used up: the waybill is as it was. A clearance cannot be taken
back and given again, since a code is redeemed once: the waybill that it cleared is over.
"""


def abort_outcome(check: CheckStatus, waybill: WaybillStatus) -> WaybillStatus:
    """Return the state of a waybill once a check of it is aborted.

    Raises:
        StateError: the check is over.
    """
    after = ABORTED.get(check, {}).get(waybill)
    if after is None:
        raise StateError(
            "这次查验已经结束，不能中止。",
            "This check is over and cannot be aborted.",
            state=check.value,
            act=ABORT,
            next_step_zh="已放行的车辆如需返回，请联系承运人。",
            next_step_en="If a released vehicle must come back, call its carrier.",
        )
    return after


def check_transition(status: WaybillStatus, act: Act) -> WaybillStatus:
    """Return the state that an act leads to.

    Raises:
        StateError: the act is not possible in this state; it says what is.
    """
    transition = TRANSITIONS[act]
    if status not in transition.allowed_from:
        raise StateError(
            f"运单当前状态为“{STATUS_ZH[status]}”。",
            f"The waybill is {status.value}.",
            state=status.value,
            act=act.value,
            next_step_zh=transition.next_step_zh,
            next_step_en=transition.next_step_en,
        )
    return status if transition.leads_to is None else transition.leads_to


STATUS_ZH: Final[Mapping[WaybillStatus, str]] = {
    WaybillStatus.DRAFT: "草稿",
    WaybillStatus.ISSUED: "已签发",
    WaybillStatus.CLEARED: "准装",
    WaybillStatus.RELEASED: "已放行",
    WaybillStatus.CANCELLED: "已作废",
}
