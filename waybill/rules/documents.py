"""DOC-01: whether the waybill is genuine, current, for today and for this loader."""

from datetime import datetime, timedelta
from typing import Final

from waybill.clock import local_date
from waybill.rules.bases import (
    AT_BAY,
    BEFORE,
    FIRST_EDITION,
    ORDER_29_IN_FORCE,
    UNREAD_27,
    order_29,
)
from waybill.rules.evidence import Presentation, ScanItem, ScanKind
from waybill.rules.facts import Facts, WaybillFacts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.lifecycle import WaybillStatus
from waybill.rules.limits import PAST_MIDNIGHT
from waybill.rules.rule import Judgement, Rule, failed, passed, unknown


def check_signature(facts: Facts, _at: datetime) -> Finding:
    """Refuse a waybill whose code or stored signature does not hold, or that is not this revision.

    A number that was typed proves nothing about who signed: the signed code must be read.

    Source: Order 29/2019, articles 24 and 27 (4).
    """
    return SIGNATURE.finding(*_signature(facts))


def _signature(facts: Facts) -> Judgement:
    waybill, scan = facts.waybill, facts.evidence.scan(ScanKind.WAYBILL)
    if not waybill.signature_verified:
        return failed("stored_signature_broken")
    if scan is None:
        return unknown("code_not_read")
    if scan.problem:
        return failed("code_refused", problem=scan.problem)
    if scan.presentation is not Presentation.SIGNED_QR or scan.revision is None:
        return unknown("code_not_signed", how=scan.presentation.value)
    return _identity(waybill, scan, scan.revision)


def _identity(waybill: WaybillFacts, scan: ScanItem, revision: int) -> Judgement:
    if scan.subject != waybill.id:
        return failed("other_waybill")
    about = {"seen": revision, "expected": waybill.revision}
    if revision != waybill.revision:
        return failed("other_revision", **about)
    return passed("genuine", **about)


def check_state(facts: Facts, _at: datetime) -> Finding:
    """Refuse a waybill that is not issued, is cancelled, or was used already.

    Source: Order 29/2019, articles 24 and 27 (4).
    """
    waybill = facts.waybill
    if waybill.redeemed:
        return STATE.finding(*failed("used", status=waybill.status.value))
    if waybill.status is not WaybillStatus.ISSUED:
        return STATE.finding(*failed("not_issued", status=waybill.status.value))
    return STATE.finding(*passed("issued", status=waybill.status.value))


def check_dates(facts: Facts, at: datetime) -> Finding:
    """Refuse a waybill outside its validity, or whose loading is planned for another day.

    The validity begins with its first moment and is over at its last. A draft has no validity yet;
    its planned day is judged alone. Days are those of Asia/Shanghai; a loading planned late in the
    evening may still be cleared in the first hours of the next day.

    Source: Order 29/2019, articles 24 and 27 (4).
    """
    return DATES.finding(*(_find_validity_problem(facts.waybill, at) or _day(facts.waybill, at)))


def _find_validity_problem(waybill: WaybillFacts, at: datetime) -> Judgement | None:
    begin, end = waybill.valid_from, waybill.valid_until
    if begin is None or end is None:
        drafted = waybill.status is WaybillStatus.DRAFT
        return None if drafted else unknown("validity_unknown")
    if at < begin:
        return failed("too_early", valid_from_at=begin.isoformat(), judged_at=at.isoformat())
    if at >= end:
        return failed("too_late", valid_until_at=end.isoformat(), judged_at=at.isoformat())
    return None


def _day(waybill: WaybillFacts, at: datetime) -> Judgement:
    on = local_date(at)
    if waybill.planned_loading_at is None:
        return unknown("no_planned_day", on=on.isoformat())
    planned = local_date(waybill.planned_loading_at)
    about = {"planned_on": planned.isoformat(), "on": on.isoformat()}
    if planned == on:
        return passed("today", **about)
    late = at - waybill.planned_loading_at
    if timedelta(0) <= late <= timedelta(hours=PAST_MIDNIGHT.value):
        return passed("today", **about)
    return failed("other_day", **about)


def check_loader(facts: Facts, _at: datetime) -> Finding:
    """Refuse to load a waybill elsewhere than it names, or where loading is barred.

    Barred is a place of which organisation, facility or bay is suspended or retired.

    Source: Order 29/2019, articles 24 and 27 (4).
    """
    if facts.bay is None:
        return LOADER.finding(*unknown("bay_unknown"))
    about = {"expected": facts.waybill.loader_uscc, "seen": facts.bay.loader_uscc}
    if facts.bay.loader_uscc != facts.waybill.loader_uscc:
        return LOADER.finding(*failed("other_loader", **about))
    if facts.bay.facility_id != facts.waybill.facility_id:
        return LOADER.finding(*failed("other_facility", **about))
    if facts.bay.closed:
        return LOADER.finding(*failed("place_closed", **about, places=list(facts.bay.closed)))
    return LOADER.finding(*passed("here", **about))


SIGNATURE: Final = Rule(
    code="DOC-01.signature",
    version=1,
    title_zh="运单真实有效（签名、版次）",
    title_en="The waybill is genuine and of this revision",
    basis=(order_29("24"), order_29("27(4)")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={
        "genuine": Outcome.PASSED,
        "stored_signature_broken": Outcome.FAILED,
        "code_refused": Outcome.FAILED,
        "other_waybill": Outcome.FAILED,
        "other_revision": Outcome.FAILED,
        "code_not_read": Outcome.UNKNOWN,
        "code_not_signed": Outcome.UNKNOWN,
    },
    reads=("waybill.id", "waybill.revision", "waybill.signature_verified", "evidence.scan"),
    check=check_signature,
)
STATE: Final = Rule(
    code="DOC-01.state",
    version=1,
    title_zh="运单已签发且未使用、未作废",
    title_en="The waybill is issued and unused",
    basis=(order_29("24"), order_29("27(4)")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={"issued": Outcome.PASSED, "used": Outcome.FAILED, "not_issued": Outcome.FAILED},
    reads=("waybill.redeemed", "waybill.status"),
    check=check_state,
)
DATES: Final = Rule(
    code="DOC-01.dates",
    version=1,
    title_zh="运单在有效期内且为当日",
    title_en="The waybill is valid now and for today",
    basis=(order_29("24"), order_29("27(4)")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=BEFORE,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={
        "today": Outcome.PASSED,
        "too_early": Outcome.FAILED,
        "too_late": Outcome.FAILED,
        "other_day": Outcome.FAILED,
        "validity_unknown": Outcome.UNKNOWN,
        "no_planned_day": Outcome.UNKNOWN,
    },
    reads=(
        "waybill.planned_loading_at",
        "waybill.status",
        "waybill.valid_from",
        "waybill.valid_until",
    ),
    check=check_dates,
)
LOADER: Final = Rule(
    code="DOC-01.loader",
    version=1,
    title_zh="在运单载明的装货单位和地点装货",
    title_en="Loading takes place where the waybill says",
    basis=(order_29("24"), order_29("27(4)")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={
        "here": Outcome.PASSED,
        "other_loader": Outcome.FAILED,
        "other_facility": Outcome.FAILED,
        "place_closed": Outcome.FAILED,
        "bay_unknown": Outcome.UNKNOWN,
    },
    reads=(
        "waybill.facility_id",
        "waybill.loader_uscc",
        "bay.closed",
        "bay.facility_id",
        "bay.loader_uscc",
    ),
    check=check_loader,
)
RULES: Final = (SIGNATURE, STATE, DATES, LOADER)
