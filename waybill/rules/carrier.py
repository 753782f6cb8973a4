"""CAR-01: whether the carrier may carry, and nobody of the trip is barred."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from waybill.clock import local_date
from waybill.registry.kinds import CertificateKind
from waybill.rules.bases import (
    ALWAYS,
    BLACK_LIST_PLAN,
    FIRST_EDITION,
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    SMALL_QUANTITIES,
    order_29,
)
from waybill.rules.facts import BlackListingFacts, Facts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.first_scopes import first_covers
from waybill.rules.rule import Rule, failed, passed, relieve, unknown
from waybill.rules.scopes import SCOPE_REASONS, judge_scope
from waybill.rules.subjects import (
    HOLDER_REASONS,
    Subject,
    judge_holder,
    named_subjects,
    record_of,
)


def check_licence(facts: Facts, at: datetime) -> Finding:
    """Refuse a carrier without a valid licence (道路运输经营许可证).

    Source: Order 29/2019, article 22.
    """
    return LICENCE.finding(
        *judge_holder(facts, Subject.CARRIER, CertificateKind.CARRIER_LICENCE, at)
    )


def check_scope(facts: Facts, at: datetime) -> Finding:
    """Refuse goods that the carrier's licence does not cover.

    Source: Order 29/2019, article 22.
    """
    return SCOPE.finding(
        *judge_scope(
            facts, Subject.CARRIER, CertificateKind.CARRIER_LICENCE, at, covered_by=first_covers
        )
    )


def check_scope_as_read_now(facts: Facts, at: datetime) -> Finding:
    """Refuse goods that the carrier's licence does not cover, scopes read as they are now.

    Source: Order 29/2019, article 22.
    """
    kind = CertificateKind.CARRIER_LICENCE
    return SCOPE.finding(*judge_scope(facts, Subject.CARRIER, kind, at))


def check_black_list(facts: Facts, at: datetime) -> Finding:
    """Refuse a trip in which somebody or something is on the black list (黑名单) on that day.

    Looked at are carrier, vehicle, trailer, tank, driver and escort, as far as the waybill names
    them, and the loading supervisor once named. Who is named and not on record cannot be looked
    up, which is unknown.

    Source: plans of 2017 for the safety of hazardous chemicals of Jiangsu and Huai'an.
    """
    on = local_date(at)
    named = (*named_subjects(facts), *((Subject.SUPERVISOR,) if facts.supervisor else ()))
    records = {subject: record_of(facts, subject) for subject in named}
    barred = {
        subject.value: _decisions(record.black_listings, on)
        for subject, record in records.items()
        if record is not None and _decisions(record.black_listings, on)
    }
    if barred:
        decisions = sorted(number for numbers in barred.values() for number in numbers)
        return BLACK_LIST.finding(
            *failed("barred", subjects=list(barred), decisions=decisions, on=on.isoformat())
        )
    missing = [subject.value for subject, record in records.items() if record is None]
    if missing:
        return BLACK_LIST.finding(*unknown("not_looked_up", subjects=missing))
    subjects = [subject.value for subject in records]
    return BLACK_LIST.finding(*passed("not_barred", subjects=subjects, on=on.isoformat()))


def _decisions(listings: Iterable[BlackListingFacts], on: date) -> list[str]:
    return [
        listing.decision_number
        for listing in listings
        if listing.valid_from <= on and (listing.valid_until is None or on <= listing.valid_until)
    ]


LICENCE: Final = Rule(
    code="CAR-01.licence",
    version=1,
    title_zh="承运人道路运输经营许可证",
    title_en="Licence of the carrier",
    basis=(order_29("22"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=True,
    reasons=HOLDER_REASONS,
    reads=("carrier.certificates", "carrier.status"),
    check=check_licence,
)
SCOPE: Final = Rule(
    code="CAR-01.scope",
    version=1,
    title_zh="承运人经营范围",
    title_en="Scope of the carrier's licence",
    basis=(order_29("22"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=True,
    reasons=SCOPE_REASONS,
    reads=(
        "carrier.certificates",
        "carrier.status",
        "goods.aliases_zh",
        "goods.division",
        "goods.highly_toxic",
        "goods.highly_toxic_declared",
        "goods.name_zh",
        "goods.technical_name",
        "goods.un_number",
    ),
    check=check_scope,
)
BLACK_LIST: Final = Rule(
    code="CAR-01.black_list",
    version=1,
    title_zh="黑名单",
    title_en="Black list",
    basis=(BLACK_LIST_PLAN,),
    edition=FIRST_EDITION,
    in_force_from=date(2017, 1, 1),
    phases=ALWAYS,
    confirmed=False,
    confirmed_note="The plans order a shared black list; the dates they name were not read.",
    reasons={
        "not_barred": Outcome.PASSED,
        "barred": Outcome.FAILED,
        "not_looked_up": Outcome.UNKNOWN,
    },
    reads=(
        "waybill.tank_number",
        "waybill.trailer_plate",
        "carrier.black_listings",
        "tractor.black_listings",
        "trailer.black_listings",
        "tank.black_listings",
        "driver.black_listings",
        "escort.black_listings",
        "supervisor.black_listings",
    ),
    check=check_black_list,
)
RULES: Final = (
    LICENCE,
    SCOPE,
    BLACK_LIST,
    relieve(LICENCE, edition=SECOND_EDITION, by=SMALL_QUANTITIES),
    relieve(SCOPE, edition=SECOND_EDITION, by=SMALL_QUANTITIES, check=check_scope_as_read_now),
)
