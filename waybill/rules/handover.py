"""HAND-01 and HAND-02: what must be seen on the vehicle, and the closing check list."""

from datetime import date, datetime
from typing import Final

from waybill.rules.answers import ANSWER_REASONS, NOT_ASKED, judge_answers
from waybill.rules.bases import (
    AFTER,
    AT_BAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    adr,
    jtt_617,
    national_standard,
    order_29,
)
from waybill.rules.facts import Facts, Regime
from waybill.rules.finding import Finding, Outcome, Phase
from waybill.rules.rule import (
    RELIEVED,
    Judgement,
    Reasons,
    Rule,
    not_applicable,
    unknown,
)
from waybill.rules.signs import marks_for, numbers_known, orange_plates_for, placards_for

SIGNS_STANDARD: Final = national_standard(
    "GB 13392-2023", "道路运输危险货物车辆标志", "Vehicle marking for road transport"
)
FORMER_SIGNS_STANDARD: Final = national_standard(
    "GB 13392-2005", "道路运输危险货物车辆标志", "The vehicle mark for road transport"
)
BOARD_STANDARD: Final = national_standard(
    "GB 20300-2018",
    "道路运输爆炸品和剧毒化学品车辆安全技术条件",
    "Safety specifications for vehicles with explosives and highly toxic chemicals",
)
SIGNS_STANDARD_IN_FORCE: Final = date(2025, 4, 1)
LAMP_IN_FORCE_UNTIL: Final = date(2025, 3, 31)
SMALL_QUANTITIES: Final = frozenset({Regime.LIMITED, Regime.EXCEPTED})
"""Regimes whose goods need neither plates nor instructions in writing."""
_SEEN: Final = AT_BAY | {Phase.ROADSIDE}
_UNREAD_ANNEX: Final = (
    "Article 44 of Order 29 was read, annex C of GB 13392-2023 on mounting was not; "
    "what must be seen follows ADR 5.3."
)


def check_orange_plates(facts: Facts, _at: datetime) -> Finding:
    """Refuse a vehicle whose orange plates (矩形标志牌) are not those of its goods.

    The finding names the plates that must be seen. A tank's plate whose number is not known
    cannot be compared.

    Source: Order 29/2019, article 44; GB 13392-2023; ADR 2025, 5.3.2.1.
    """
    if not facts.goods:
        return ORANGE_PLATES.finding(*unknown("no_goods"))
    if not numbers_known(facts):
        return ORANGE_PLATES.finding(*unknown("number_unknown"))
    plates = [plate.text for plate in orange_plates_for(facts)]
    return ORANGE_PLATES.finding(*judge_answers(ORANGE_PLATES.code, facts, plates=plates))


def check_placards(facts: Facts, _at: datetime) -> Finding:
    """Refuse a vehicle whose placards (菱形标志牌) are not those of its goods.

    Source: Order 29/2019, article 44; GB 13392-2023; ADR 2025, 5.3.1.
    """
    return PLACARDS.finding(*_judge_placards(facts))


def _judge_placards(facts: Facts) -> Judgement:
    if not facts.goods:
        return unknown("no_goods")
    placards = [sign.text for sign in placards_for(facts)]
    if not placards:
        return not_applicable("not_asked")
    return judge_answers("HAND-01.placards", facts, placards=placards)


def check_marks(facts: Facts, _at: datetime) -> Finding:
    """Refuse hot goods, and goods hazardous to the environment, without their mark.

    Source: Order 29/2019, article 44; GB 13392-2023; ADR 2025, 5.3.3 and 5.3.6.
    """
    marks = [mark.value for mark in marks_for(facts)]
    return MARKS.finding(*judge_answers(MARKS.code, facts, marks=marks))


def check_safety_board(facts: Facts, _at: datetime) -> Finding:
    """Refuse explosives and highly toxic goods on a vehicle without the safety board (安全标示牌).

    Source: Order 29/2019, article 44; GB 20300.
    """
    return SAFETY_BOARD.finding(*judge_answers(SAFETY_BOARD.code, facts))


def check_lamp(facts: Facts, _at: datetime) -> Finding:
    """Refuse a vehicle without the lamp (标志灯), as long as the standard asked for it.

    Source: GB 13392-2005; the preface of GB 13392-2023 says that the lamp was deleted.
    """
    return LAMP.finding(*judge_answers(LAMP.code, facts))


def check_before(facts: Facts, _at: datetime) -> Finding:
    """Refuse to load while anything on the list before loading is not as it must be.

    Source: Order 29/2019, articles 26, 29 and 44; ADR 2025, 7.5.1, 7.5.10, 8.1.4 and 8.1.5.
    """
    return CLOSING_BEFORE.finding(*judge_answers(CLOSING_BEFORE.code, facts))


def check_after(facts: Facts, _at: datetime) -> Finding:
    """Refuse to let a vehicle go while anything on the list after loading is not as it must be.

    Only answers given after the loading count.

    Source: Order 29/2019, articles 29, 30 and 47; ADR 2025, 4.3.2.3.3, 4.3.2.3.5 and 7.5.7.
    """
    return CLOSING_AFTER.finding(*judge_answers(CLOSING_AFTER.code, facts))


_SIGN_REASONS: Final[Reasons] = {**ANSWER_REASONS, RELIEVED: Outcome.NOT_APPLICABLE}
_NO_GOODS: Final[Reasons] = {"no_goods": Outcome.UNKNOWN}

ORANGE_PLATES: Final = Rule(
    code="HAND-01.orange_plates",
    version=1,
    title_zh="矩形标志牌与货物一致",
    title_en="The orange plates are those of the goods",
    basis=(order_29("44"), SIGNS_STANDARD, jtt_617("5"), adr("5.3.2.1")),
    edition=SECOND_EDITION,
    in_force_from=SIGNS_STANDARD_IN_FORCE,
    phases=_SEEN,
    confirmed=False,
    confirmed_note=_UNREAD_ANNEX,
    reasons={**_SIGN_REASONS, **_NO_GOODS, "number_unknown": Outcome.UNKNOWN},
    check=check_orange_plates,
    reads=(
        "goods.un_number",
        "goods.hazard_identification_number",
        "goods.mode",
        "goods.compartment",
        "evidence.answer",
    ),
    relieved_by=SMALL_QUANTITIES,
)
PLACARDS: Final = Rule(
    code="HAND-01.placards",
    version=1,
    title_zh="菱形标志牌与货物一致",
    title_en="The placards are those of the goods",
    basis=(order_29("44"), SIGNS_STANDARD, jtt_617("5"), adr("5.3.1")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=_SEEN,
    confirmed=False,
    confirmed_note=(
        f"{_UNREAD_ANNEX} For packages of other classes than 1 and 7 ADR asks for no placard; "
        "that of their class is asked for as the former edition of GB 13392 is said to have."
    ),
    reasons={**_SIGN_REASONS, **_NO_GOODS, **NOT_ASKED},
    check=check_placards,
    reads=(
        "goods.labels",
        "goods.division",
        "goods.subsidiary_hazards",
        "goods.mode",
        "evidence.answer",
    ),
    relieved_by=SMALL_QUANTITIES,
)
MARKS: Final = Rule(
    code="HAND-01.marks",
    version=1,
    title_zh="特殊标志牌（高温、危害环境）",
    title_en="Marks for elevated temperature and for the environment",
    basis=(order_29("44"), SIGNS_STANDARD, adr("5.3.3"), adr("5.3.6")),
    edition=SECOND_EDITION,
    in_force_from=SIGNS_STANDARD_IN_FORCE,
    phases=_SEEN,
    confirmed=False,
    confirmed_note=(
        f"{_UNREAD_ANNEX} Goods other than UN 3077 and 3082 are not known as hazardous to the "
        "environment here."
    ),
    reasons={**_SIGN_REASONS, **NOT_ASKED},
    check=check_marks,
    reads=(
        "goods.un_number",
        "goods.filling_temperature_c",
        "goods.physical_state",
        "goods.tank_code",
        "goods.portable_tank_provisions",
        "goods.mode",
        "evidence.answer",
    ),
    relieved_by=SMALL_QUANTITIES,
)
SAFETY_BOARD: Final = Rule(
    code="HAND-01.safety_board",
    version=1,
    title_zh="爆炸品、剧毒化学品车辆安全标示牌",
    title_en="Safety board for explosives and highly toxic goods",
    basis=(order_29("44"), BOARD_STANDARD),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=_SEEN,
    confirmed=True,
    reasons={**_SIGN_REASONS, **NOT_ASKED},
    check=check_safety_board,
    reads=("goods.division", "goods.highly_toxic", "evidence.answer"),
    relieved_by=SMALL_QUANTITIES,
)
LAMP: Final = Rule(
    code="HAND-01.lamp",
    version=1,
    title_zh="危险货物标志灯",
    title_en="The dangerous goods lamp",
    basis=(FORMER_SIGNS_STANDARD,),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    in_force_until=LAMP_IN_FORCE_UNTIL,
    phases=_SEEN,
    confirmed=False,
    confirmed_note=(
        "The preface of GB 13392-2023 deletes the lamp, so it is asked for until that edition "
        "came into force; whether local authorities go on asking is for them to say."
    ),
    reasons=_SIGN_REASONS,
    check=check_lamp,
    reads=("evidence.answer",),
    relieved_by=SMALL_QUANTITIES,
)
CLOSING_BEFORE: Final = Rule(
    code="HAND-02.before",
    version=1,
    title_zh="装货前检查清单",
    title_en="The list before loading",
    basis=(order_29("26"), order_29("29"), order_29("44"), jtt_617("6"), adr("7.5, 8.1")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=(
        "Articles 26 and 44 of Order 29 were read, article 29 and JT/T 617.6 were not; the list "
        "follows ADR."
    ),
    reasons=ANSWER_REASONS,
    check=check_before,
    reads=("goods.mode", "goods.division", "goods.subsidiary_hazards", "evidence.answer"),
)
CLOSING_AFTER: Final = Rule(
    code="HAND-02.after",
    version=1,
    title_zh="装货后检查清单",
    title_en="The list after loading",
    basis=(order_29("29"), order_29("30"), order_29("47"), jtt_617("6"), adr("4.3.2.3, 7.5")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AFTER,
    confirmed=False,
    confirmed_note=(
        "Article 47 of Order 29 was read, articles 29 and 30 and JT/T 617.6 were not; the list "
        "follows ADR."
    ),
    reasons=ANSWER_REASONS,
    check=check_after,
    reads=("goods.mode", "goods.division", "evidence.answer", "evidence.loading"),
)
RULES: Final = (
    ORANGE_PLATES,
    PLACARDS,
    MARKS,
    SAFETY_BOARD,
    LAMP,
    CLOSING_BEFORE,
    CLOSING_AFTER,
)
