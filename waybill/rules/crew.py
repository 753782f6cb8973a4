"""DRV-01 and ESC-01: whether driver and escort are qualified for this vehicle and these goods."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from waybill.clock import local_date
from waybill.codec import JsonValue
from waybill.registry.kinds import CertificateKind, PlateColour, UnitKind
from waybill.rules.bases import (
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    order_29,
    traffic_law,
)
from waybill.rules.facts import Facts, PersonFacts, Regime, UnitFacts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.people import ENDORSEMENT_REASONS, judge_endorsement
from waybill.rules.rule import RELIEVED, Judgement, Rule, failed, passed, unknown
from waybill.rules.subjects import Subject, describe, find_holding

LIGHT_PLATES: Final = frozenset({PlateColour.BLUE, PlateColour.GREEN})
"""Plates of vehicles of at most 4 500 kg total mass (GA 36)."""

WITH_TRAILER: Final = "with_trailer"
RIGID: Final = "rigid"
LIGHT: Final = "light"
LICENCE_CLASSES: Final[Mapping[str, tuple[str, ...]]] = {
    WITH_TRAILER: ("A2",),
    RIGID: ("A1", "A2", "B2"),
    LIGHT: ("A1", "A2", "A3", "B1", "B2", "C1", "C2"),
}
"""Classes of driving licence (准驾车型) that fit, by what is driven.

Source: provisions on driving licences (机动车驾驶证申领和使用规定), annex 1, not read.
"""


def check_licence_class(facts: Facts, at: datetime) -> Finding:
    """Warn of a driver whose licence is of a class that does not fit the vehicle.

    A combination asks for A2, a rigid vehicle for B2 or a class that includes it, one with the
    plate of light vehicles for C1 or above. Only the licence that holds counts.

    It warns and does not stop, because the register need not name the classes of a licence:
    stopping every load whose register lacks them would refuse wrongly. That a licence is held and
    valid stops by `DRV-01.licence`.

    Source: road traffic safety law, article 19.
    """
    driver, tractor = facts.driver, facts.tractor
    if driver is None:
        return LICENCE_CLASS.finding(*unknown("not_registered", subject=Subject.DRIVER.value))
    if tractor is None:
        return LICENCE_CLASS.finding(*unknown("not_registered", subject=Subject.TRACTOR.value))
    return LICENCE_CLASS.finding(*_judge_classes(driver, _driven(facts, tractor), at))


def _driven(facts: Facts, tractor: UnitFacts) -> str:
    if facts.waybill.trailer_plate is not None or tractor.kind is not UnitKind.RIGID:
        return WITH_TRAILER
    return LIGHT if tractor.plate_colour in LIGHT_PLATES else RIGID


def _judge_classes(driver: PersonFacts, driven: str, at: datetime) -> Judgement:
    kind = CertificateKind.DRIVING_LICENCE
    licence = find_holding([c for c in driver.certificates if c.kind is kind], local_date(at))
    classes = licence.categories if licence else ()
    fitting = LICENCE_CLASSES[driven]
    about: dict[str, JsonValue] = describe(Subject.DRIVER, driver)
    about |= {"driven": driven, "classes": list(classes), "fitting": list(fitting)}
    if not classes:
        return unknown("class_not_recorded", **about)
    fits = any(licence_class in fitting for licence_class in classes)
    return passed("class_fits", **about) if fits else failed("class_does_not_fit", **about)


def check_escort_endorsement(facts: Facts, at: datetime) -> Finding:
    """Refuse an escort without the endorsement that class 1, class 7 or highly toxic goods ask for.

    As `DRV-01.endorsement` asks of the driver.

    Source: Order 29/2019, article 27 (2).
    """
    kind = CertificateKind.ESCORT_QUALIFICATION
    return ESCORT_ENDORSEMENT.finding(*judge_endorsement(facts, Subject.ESCORT, kind, at))


LICENCE_CLASS: Final = Rule(
    code="DRV-01.licence_class",
    version=1,
    title_zh="驾驶证准驾车型与车辆相符",
    title_en="Class of the driving licence fits the vehicle",
    basis=(order_29("27(2)"), traffic_law("19")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note="The classes of driving licences and what they allow are known, not read.",
    reasons={
        "class_fits": Outcome.PASSED,
        "class_does_not_fit": Outcome.FAILED,
        "class_not_recorded": Outcome.UNKNOWN,
        "not_registered": Outcome.UNKNOWN,
    },
    check=check_licence_class,
    severity=Severity.WARN,
    reads=(
        "driver.certificates",
        "waybill.trailer_plate",
        "tractor.kind",
        "tractor.plate_colour",
    ),
)
ESCORT_ENDORSEMENT: Final = Rule(
    code="ESC-01.endorsement",
    version=1,
    title_zh="押运员从业资格类别（爆炸品、剧毒、放射性）",
    title_en="Endorsement of the escort: explosives, highly toxic, radioactive",
    basis=(order_29("27(2)"),),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note="That escorts are qualified by category as drivers are was not read.",
    reasons={**ENDORSEMENT_REASONS, RELIEVED: Outcome.NOT_APPLICABLE},
    check=check_escort_endorsement,
    reads=(
        "goods.division",
        "goods.un_number",
        "goods.highly_toxic",
        "goods.highly_toxic_declared",
        "escort.certificates",
    ),
    relieved_by=frozenset({Regime.LIMITED, Regime.EXCEPTED}),
)
RULES: Final = (LICENCE_CLASS, ESCORT_ENDORSEMENT)
