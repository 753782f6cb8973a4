"""DRV-01 and ESC-01: whether driver and escort may do what the waybill names them for."""

from datetime import datetime
from typing import Final

from waybill.clock import local_date
from waybill.codec import JsonValue
from waybill.registry.kinds import CertificateKind, PersonRole
from waybill.rules.bases import (
    FIRST_EDITION,
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    SMALL_QUANTITIES,
    UNREAD_27,
    hazchem_regulations,
    order_29,
)
from waybill.rules.classification import find_hazard_class, highly_toxic
from waybill.rules.facts import Answer, Facts, GoodsFacts, PersonFacts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.rule import (
    Judgement,
    Reasons,
    Rule,
    failed,
    not_applicable,
    passed,
    relieve,
    unknown,
)
from waybill.rules.subjects import (
    HOLDER_REASONS,
    Record,
    Subject,
    describe,
    find_holding,
    judge_holder,
    record_of,
)

EXPLOSIVE: Final = "explosive"
HIGHLY_TOXIC: Final = "highly_toxic"
RADIOACTIVE: Final = "radioactive"
ENDORSEMENTS: Final = (EXPLOSIVE, HIGHLY_TOXIC, RADIOACTIVE)
_CLASS_ENDORSEMENTS: Final = {"1": EXPLOSIVE, "7": RADIOACTIVE}


def judge_person(
    facts: Facts,
    subject: Subject,
    role: PersonRole,
    kind: CertificateKind,
    at: datetime,
) -> Judgement:
    """Judge that a person is on record for a role, in use, and holds a certificate."""
    person = record_of(facts, subject)
    if isinstance(person, PersonFacts) and role not in person.roles:
        return failed("wrong_role", **describe(subject, person))
    return judge_holder(facts, subject, kind, at)


def check_driving_licence(facts: Facts, at: datetime) -> Finding:
    """Refuse a driver without a valid driving licence (驾驶证).

    Source: Order 29/2019, article 27 (2).
    """
    kind = CertificateKind.DRIVING_LICENCE
    return DRIVING_LICENCE.finding(
        *judge_person(facts, Subject.DRIVER, PersonRole.DRIVER, kind, at)
    )


def check_driver_qualification(facts: Facts, at: datetime) -> Finding:
    """Refuse a driver without a valid dangerous goods qualification (从业资格证).

    Source: Order 29/2019, article 27 (2).
    """
    kind = CertificateKind.DRIVER_QUALIFICATION
    return DRIVER_QUALIFICATION.finding(
        *judge_person(facts, Subject.DRIVER, PersonRole.DRIVER, kind, at)
    )


def check_endorsement(facts: Facts, at: datetime) -> Finding:
    """Refuse a driver without the endorsement that class 1, class 7 or highly toxic goods ask for.

    Where the list cannot say whether goods are highly toxic and nobody has declared it, only a
    driver with that endorsement passes. An endorsement counts on a certificate that holds.

    Source: Order 29/2019, article 27 (2).
    """
    kind = CertificateKind.DRIVER_QUALIFICATION
    return ENDORSEMENT.finding(*judge_endorsement(facts, Subject.DRIVER, kind, at))


def judge_endorsement(
    facts: Facts, subject: Subject, kind: CertificateKind, at: datetime
) -> Judgement:
    """Judge that a person's certificate of a kind names what the goods ask for."""
    person = record_of(facts, subject)
    if person is None:
        return unknown("not_registered", subject=subject.value)
    held = _endorsements(person, kind, at)
    needed = {endorsement for line in facts.goods for endorsement in _needed(line)}
    about: dict[str, JsonValue] = describe(subject, person)
    about |= {"held": sorted(held), "needed": sorted(needed)}
    return _endorsed(facts, held, needed, about)


def _endorsed(
    facts: Facts, held: frozenset[str], needed: set[str], about: dict[str, JsonValue]
) -> Judgement:
    if needed - held:
        return failed("endorsement_missing", **about, missing=sorted(needed - held))
    if not facts.goods:
        return unknown("no_goods")
    unclassified = [g.un_number for g in facts.goods if find_hazard_class(g) is None]
    if unclassified:
        return unknown("class_unknown", **about, un_numbers=unclassified)
    undeclared = [g.un_number for g in facts.goods if highly_toxic(g) is Answer.ASK]
    if undeclared and HIGHLY_TOXIC not in held:
        return unknown("highly_toxic_undeclared", **about, un_numbers=undeclared)
    if not needed and not undeclared:
        return not_applicable("no_endorsement_needed", **about)
    return passed("endorsed", **about)


def _endorsements(person: Record, kind: CertificateKind, at: datetime) -> frozenset[str]:
    own = [c for c in person.certificates if c.kind is kind]
    holding = find_holding(own, local_date(at))
    return frozenset(holding.categories if holding else ()) & frozenset(ENDORSEMENTS)


def _needed(line: GoodsFacts) -> set[str]:
    hazard_class = find_hazard_class(line) or ""
    needed = {_CLASS_ENDORSEMENTS[hazard_class]} if hazard_class in _CLASS_ENDORSEMENTS else set()
    return needed | {HIGHLY_TOXIC} if highly_toxic(line) is Answer.YES else needed


def check_escort_qualification(facts: Facts, at: datetime) -> Finding:
    """Refuse an escort without a valid qualification (押运人员从业资格证).

    Source: Order 29/2019, article 27 (2).
    """
    kind = CertificateKind.ESCORT_QUALIFICATION
    return ESCORT_QUALIFICATION.finding(
        *judge_person(facts, Subject.ESCORT, PersonRole.ESCORT, kind, at)
    )


def check_escort_not_driver(facts: Facts, _at: datetime) -> Finding:
    """Refuse an escort who is the driver on duty, also under a second record of one ID number.

    Source: Order 29/2019, article 27 (2); regulations on hazardous chemicals, article 48.
    """
    waybill, driver, escort = facts.waybill, facts.driver, facts.escort
    about = {"driver": waybill.driver_reference, "escort": waybill.escort_reference}
    if waybill.driver_reference == waybill.escort_reference:
        return ESCORT_NOT_DRIVER.finding(*failed("same_person", **about))
    if driver is None or escort is None:
        return ESCORT_NOT_DRIVER.finding(*unknown("person_not_registered", **about))
    if not driver.identity or not escort.identity:
        return ESCORT_NOT_DRIVER.finding(*unknown("identity_unknown", **about))
    if driver.identity == escort.identity or driver.reference == escort.reference:
        return ESCORT_NOT_DRIVER.finding(*failed("same_person", **about))
    return ESCORT_NOT_DRIVER.finding(*passed("two_people", **about))


ENDORSEMENT_REASONS: Final[Reasons] = {
    "endorsed": Outcome.PASSED,
    "no_endorsement_needed": Outcome.NOT_APPLICABLE,
    "endorsement_missing": Outcome.FAILED,
    "highly_toxic_undeclared": Outcome.UNKNOWN,
    "class_unknown": Outcome.UNKNOWN,
    "not_registered": Outcome.UNKNOWN,
    "no_goods": Outcome.UNKNOWN,
}
PERSON_REASONS: Final[Reasons] = {**HOLDER_REASONS, "wrong_role": Outcome.FAILED}

DRIVING_LICENCE: Final = Rule(
    code="DRV-01.licence",
    version=1,
    title_zh="驾驶人驾驶证",
    title_en="Driving licence of the driver",
    basis=(order_29("27(2)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons=PERSON_REASONS,
    reads=("driver.certificates", "driver.roles", "driver.status"),
    check=check_driving_licence,
)
DRIVER_QUALIFICATION: Final = Rule(
    code="DRV-01.qualification",
    version=1,
    title_zh="驾驶人危险货物运输从业资格证",
    title_en="Dangerous goods qualification of the driver",
    basis=(order_29("27(2)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons=PERSON_REASONS,
    reads=("driver.certificates", "driver.roles", "driver.status"),
    check=check_driver_qualification,
)
ENDORSEMENT: Final = Rule(
    code="DRV-01.endorsement",
    version=1,
    title_zh="驾驶人从业资格类别（爆炸品、剧毒、放射性）",
    title_en="Endorsement of the driver: explosives, highly toxic, radioactive",
    basis=(order_29("27(2)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons=ENDORSEMENT_REASONS,
    reads=(
        "driver.certificates",
        "goods.division",
        "goods.highly_toxic",
        "goods.highly_toxic_declared",
        "goods.un_number",
    ),
    check=check_endorsement,
)
ESCORT_QUALIFICATION: Final = Rule(
    code="ESC-01.qualification",
    version=1,
    title_zh="押运员从业资格证",
    title_en="Qualification of the escort",
    basis=(order_29("27(2)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons=PERSON_REASONS,
    reads=("escort.certificates", "escort.roles", "escort.status"),
    check=check_escort_qualification,
)
ESCORT_NOT_DRIVER: Final = Rule(
    code="ESC-01.not_driver",
    version=1,
    title_zh="押运员与驾驶人不是同一人",
    title_en="The escort is not the driver",
    basis=(order_29("27(2)"), hazchem_regulations("48")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={
        "two_people": Outcome.PASSED,
        "same_person": Outcome.FAILED,
        "person_not_registered": Outcome.UNKNOWN,
        "identity_unknown": Outcome.UNKNOWN,
    },
    reads=(
        "waybill.driver_reference",
        "waybill.escort_reference",
        "driver.identity",
        "escort.identity",
    ),
    check=check_escort_not_driver,
)
RULES: Final = (
    DRIVING_LICENCE,
    DRIVER_QUALIFICATION,
    ENDORSEMENT,
    ESCORT_QUALIFICATION,
    ESCORT_NOT_DRIVER,
    *(
        relieve(rule, edition=SECOND_EDITION, by=SMALL_QUANTITIES)
        for rule in (DRIVER_QUALIFICATION, ENDORSEMENT, ESCORT_QUALIFICATION, ESCORT_NOT_DRIVER)
    ),
)
