"""DOC-03: the papers that travel with the goods."""

from datetime import datetime
from typing import Final

from waybill.rules.answers import ANSWER_REASONS, judge_answers
from waybill.rules.bases import (
    AT_BAY,
    BEFORE,
    HAZCHEM_REGULATIONS_IN_FORCE,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    adr,
    hazchem_regulations,
    order_29,
)
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.handover import SMALL_QUANTITIES
from waybill.rules.rule import RELIEVED, Rule, failed, passed

UNREAD_14: Final = "Article 14 of Order 29 was not read."


def check_emergency_phone(facts: Facts, _at: datetime) -> Finding:
    """Refuse a waybill without the consignor's emergency telephone (应急联系电话).

    Source: Order 29/2019, article 14.
    """
    given = facts.waybill.emergency_phone_given
    return EMERGENCY_PHONE.finding(*(passed("given") if given else failed("not_given")))


def check_consignment_list(facts: Facts, _at: datetime) -> Finding:
    """Refuse to load while the consignment list (托运清单) is not on board.

    Source: Order 29/2019, article 14.
    """
    return CONSIGNMENT_LIST.finding(*judge_answers(CONSIGNMENT_LIST.code, facts))


def check_instructions(facts: Facts, _at: datetime) -> Finding:
    """Refuse to load while the instructions in writing (安全卡) are not on board.

    Source: Order 29/2019, article 44; ADR 2025, 5.4.3.
    """
    return INSTRUCTIONS.finding(*judge_answers(INSTRUCTIONS.code, facts))


def check_safety_data_sheet(facts: Facts, _at: datetime) -> Finding:
    """Warn where safety data sheet or label (一书一签) do not come with the goods.

    Source: regulations on hazardous chemicals, article 15.
    """
    return SAFETY_DATA_SHEET.finding(*judge_answers(SAFETY_DATA_SHEET.code, facts))


EMERGENCY_PHONE: Final = Rule(
    code="DOC-03.emergency_phone",
    version=1,
    title_zh="托运人应急联系电话",
    title_en="Emergency telephone of the consignor",
    basis=(order_29("14"),),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=BEFORE,
    confirmed=False,
    confirmed_note=UNREAD_14,
    reasons={"given": Outcome.PASSED, "not_given": Outcome.FAILED},
    check=check_emergency_phone,
    reads=("waybill.emergency_phone_given",),
)
CONSIGNMENT_LIST: Final = Rule(
    code="DOC-03.consignment_list",
    version=1,
    title_zh="托运清单随车",
    title_en="The consignment list is on board",
    basis=(order_29("14"),),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=UNREAD_14,
    reasons=ANSWER_REASONS,
    check=check_consignment_list,
    reads=("evidence.answer",),
)
INSTRUCTIONS: Final = Rule(
    code="DOC-03.instructions_in_writing",
    version=1,
    title_zh="危险货物道路运输安全卡随车",
    title_en="The instructions in writing are on board",
    basis=(order_29("44"), adr("5.4.3")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=True,
    reasons={**ANSWER_REASONS, RELIEVED: Outcome.NOT_APPLICABLE},
    check=check_instructions,
    reads=("evidence.answer",),
    relieved_by=SMALL_QUANTITIES,
)
SAFETY_DATA_SHEET: Final = Rule(
    code="DOC-03.safety_data_sheet",
    version=1,
    title_zh="安全技术说明书和安全标签（一书一签）",
    title_en="Safety data sheet and label",
    basis=(hazchem_regulations("15"),),
    edition=SECOND_EDITION,
    in_force_from=HAZCHEM_REGULATIONS_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=(
        "Article 15 binds producer and seller; that a loader is warned about it is the catalogue's."
    ),
    reasons=ANSWER_REASONS,
    check=check_safety_data_sheet,
    severity=Severity.WARN,
    reads=("goods.mode", "evidence.answer"),
)
RULES: Final = (EMERGENCY_PHONE, CONSIGNMENT_LIST, INSTRUCTIONS, SAFETY_DATA_SHEET)
