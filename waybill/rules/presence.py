"""ESC-01.present and SUP-01: whether the people who must be at the bay are there."""

from datetime import datetime
from typing import Final, Literal

from waybill.registry.kinds import CertificateKind, PersonRole
from waybill.rules.bases import (
    AT_BAY,
    FIRST_EDITION,
    HAZCHEM_REGULATIONS_IN_FORCE,
    ORDER_29_IN_FORCE,
    UNREAD_27,
    hazchem_regulations,
    order_29,
)
from waybill.rules.facts import Facts, PersonFacts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.people import PERSON_REASONS, judge_person
from waybill.rules.rule import Judgement, Reasons, Rule, failed, passed, unknown
from waybill.rules.subjects import Subject, describe


def _present(facts: Facts, role: Literal["escort", "supervisor"], expected: str) -> Judgement:
    item = facts.evidence.presence(role)
    if item is None:
        return unknown("not_confirmed", subject=role, expected=expected)
    about = {"subject": role, "expected": expected, "seen": item.reference}
    if not item.present:
        return failed("absent", **about)
    if item.reference != expected:
        return failed("other_person", **about)
    return passed("present", **about)


def check_escort_present(facts: Facts, _at: datetime) -> Finding:
    """Refuse to load while the waybill's escort is not at the bay.

    Source: Order 29/2019, article 27 (2).
    """
    return ESCORT_PRESENT.finding(*_present(facts, "escort", facts.waybill.escort_reference))


def check_supervisor_named(facts: Facts, at: datetime) -> Finding:
    """Refuse to load without a qualified loading supervisor (装卸管理人员) named and on site.

    The supervisor watches over the loading and so is neither the driver nor the escort, also
    under another record of the same ID number.

    Source: regulations on hazardous chemicals, article 44.
    """
    supervisor = facts.supervisor
    if supervisor is None:
        return SUPERVISOR_NAMED.finding(*unknown("not_named", subject=Subject.SUPERVISOR.value))
    present = _present(facts, "supervisor", supervisor.reference)
    if present.outcome is not Outcome.PASSED:
        return SUPERVISOR_NAMED.finding(*present)
    crew = [p for p in (facts.driver, facts.escort) if p is not None]
    if any(_same_person(supervisor, person) for person in crew):
        about = describe(Subject.SUPERVISOR, supervisor)
        return SUPERVISOR_NAMED.finding(*failed("is_of_crew", **about))
    role, kind = PersonRole.LOADING_SUPERVISOR, CertificateKind.SUPERVISOR_QUALIFICATION
    return SUPERVISOR_NAMED.finding(*judge_person(facts, Subject.SUPERVISOR, role, kind, at))


def _same_person(one: PersonFacts, other: PersonFacts) -> bool:
    return one.id == other.id or bool(one.identity and one.identity == other.identity)


def check_supervisor_employer(facts: Facts, _at: datetime) -> Finding:
    """Refuse a loading supervisor who does not belong to the loader of this bay.

    Source: regulations on hazardous chemicals, article 44.
    """
    supervisor, bay = facts.supervisor, facts.bay
    if supervisor is None:
        return SUPERVISOR_EMPLOYER.finding(*unknown("not_named", subject=Subject.SUPERVISOR.value))
    about = {"subject": Subject.SUPERVISOR.value, "holder": supervisor.reference}
    if bay is None or bay.organisation_id is None:
        return SUPERVISOR_EMPLOYER.finding(*unknown("bay_unknown", **about))
    if supervisor.organisation_id != bay.organisation_id:
        return SUPERVISOR_EMPLOYER.finding(*failed("other_employer", **about))
    return SUPERVISOR_EMPLOYER.finding(*passed("own_supervisor", **about))


_PRESENCE_REASONS: Final[Reasons] = {
    "not_confirmed": Outcome.UNKNOWN,
    "absent": Outcome.FAILED,
    "other_person": Outcome.FAILED,
}

ESCORT_PRESENT: Final = Rule(
    code="ESC-01.present",
    version=1,
    title_zh="押运员到场",
    title_en="The escort is present",
    basis=(order_29("27(2)"), hazchem_regulations("48")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={**_PRESENCE_REASONS, "present": Outcome.PASSED},
    reads=("waybill.escort_reference", "evidence.presence"),
    check=check_escort_present,
)
SUPERVISOR_NAMED: Final = Rule(
    code="SUP-01.named",
    version=1,
    title_zh="装卸管理人员在场并具备资格",
    title_en="A qualified loading supervisor is on site",
    basis=(hazchem_regulations("44"),),
    edition=FIRST_EDITION,
    in_force_from=HAZCHEM_REGULATIONS_IN_FORCE,
    phases=AT_BAY,
    confirmed=True,
    reasons={
        **{reason: o for reason, o in PERSON_REASONS.items() if reason != "not_registered"},
        **_PRESENCE_REASONS,
        "not_named": Outcome.UNKNOWN,
        "is_of_crew": Outcome.FAILED,
    },
    reads=(
        "driver.identity",
        "escort.identity",
        "supervisor.certificates",
        "supervisor.identity",
        "supervisor.roles",
        "supervisor.status",
        "evidence.presence",
    ),
    check=check_supervisor_named,
)
SUPERVISOR_EMPLOYER: Final = Rule(
    code="SUP-01.employer",
    version=1,
    title_zh="装卸管理人员属于本装货单位",
    title_en="The loading supervisor belongs to this loader",
    basis=(hazchem_regulations("44"),),
    edition=FIRST_EDITION,
    in_force_from=HAZCHEM_REGULATIONS_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note="That the supervisor must be the loader's own is our reading of the article.",
    reasons={
        "own_supervisor": Outcome.PASSED,
        "other_employer": Outcome.FAILED,
        "bay_unknown": Outcome.UNKNOWN,
        "not_named": Outcome.UNKNOWN,
    },
    reads=("supervisor.organisation_id", "bay.organisation_id"),
    check=check_supervisor_employer,
)
RULES: Final = (ESCORT_PRESENT, SUPERVISOR_NAMED, SUPERVISOR_EMPLOYER)
