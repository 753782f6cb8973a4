"""VEH-02: whether the road transport certificates of tractor and trailer cover the goods."""

from datetime import datetime
from typing import Final

from waybill.registry.kinds import CertificateKind
from waybill.rules.bases import (
    FIRST_EDITION,
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    SMALL_QUANTITIES,
    UNREAD_27,
    order_29,
)
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.first_scopes import first_covers
from waybill.rules.rule import Reasons, Rule, not_applicable, relieve
from waybill.rules.scopes import SCOPE_REASONS, judge_scope
from waybill.rules.subjects import Subject


def check_tractor_scope(facts: Facts, at: datetime) -> Finding:
    """Refuse a vehicle whose road transport certificate (道路运输证) does not cover the goods.

    Source: Order 29/2019, articles 22 and 27 (1).
    """
    kind = CertificateKind.ROAD_TRANSPORT_CERTIFICATE
    return TRACTOR_SCOPE.finding(
        *judge_scope(facts, Subject.TRACTOR, kind, at, covered_by=first_covers)
    )


def check_trailer_scope(facts: Facts, at: datetime) -> Finding:
    """Refuse a trailer whose road transport certificate does not cover the goods.

    Source: Order 29/2019, articles 22 and 27 (1).
    """
    if facts.waybill.trailer_plate is None:
        return TRAILER_SCOPE.finding(*not_applicable("no_trailer"))
    kind = CertificateKind.ROAD_TRANSPORT_CERTIFICATE
    return TRAILER_SCOPE.finding(
        *judge_scope(facts, Subject.TRAILER, kind, at, covered_by=first_covers)
    )


def check_tractor_scope_as_read_now(facts: Facts, at: datetime) -> Finding:
    """Refuse a vehicle whose road transport certificate does not cover the goods.

    Scopes are read as `waybill.registry.scope` reads them now.

    Source: Order 29/2019, articles 22 and 27 (1).
    """
    kind = CertificateKind.ROAD_TRANSPORT_CERTIFICATE
    return TRACTOR_SCOPE.finding(*judge_scope(facts, Subject.TRACTOR, kind, at))


def check_trailer_scope_as_read_now(facts: Facts, at: datetime) -> Finding:
    """Refuse a trailer whose road transport certificate does not cover the goods, read as now.

    Source: Order 29/2019, articles 22 and 27 (1).
    """
    if facts.waybill.trailer_plate is None:
        return TRAILER_SCOPE.finding(*not_applicable("no_trailer"))
    kind = CertificateKind.ROAD_TRANSPORT_CERTIFICATE
    return TRAILER_SCOPE.finding(*judge_scope(facts, Subject.TRAILER, kind, at))


_NO_TRAILER: Final[Reasons] = {"no_trailer": Outcome.NOT_APPLICABLE}

TRACTOR_SCOPE: Final = Rule(
    code="VEH-02.tractor",
    version=1,
    title_zh="车辆道路运输证及经营范围",
    title_en="Road transport certificate of the vehicle and its scope",
    basis=(order_29("22"), order_29("27(1)")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons=SCOPE_REASONS,
    reads=(
        "tractor.certificates",
        "tractor.status",
        "goods.aliases_zh",
        "goods.division",
        "goods.highly_toxic",
        "goods.highly_toxic_declared",
        "goods.name_zh",
        "goods.technical_name",
        "goods.un_number",
    ),
    check=check_tractor_scope,
)
TRAILER_SCOPE: Final = Rule(
    code="VEH-02.trailer",
    version=1,
    title_zh="挂车道路运输证及经营范围",
    title_en="Road transport certificate of the trailer and its scope",
    basis=(order_29("22"), order_29("27(1)")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={**SCOPE_REASONS, **_NO_TRAILER},
    reads=(
        "waybill.trailer_plate",
        "trailer.certificates",
        "trailer.status",
        "goods.aliases_zh",
        "goods.division",
        "goods.highly_toxic",
        "goods.highly_toxic_declared",
        "goods.name_zh",
        "goods.technical_name",
        "goods.un_number",
    ),
    check=check_trailer_scope,
)
RULES: Final = (
    TRACTOR_SCOPE,
    TRAILER_SCOPE,
    *(
        relieve(rule, edition=SECOND_EDITION, by=SMALL_QUANTITIES, check=check)
        for rule, check in (
            (TRACTOR_SCOPE, check_tractor_scope_as_read_now),
            (TRAILER_SCOPE, check_trailer_scope_as_read_now),
        )
    ),
)
