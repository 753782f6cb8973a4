"""The rule book: every rule with all of its versions, as it is to be read by people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from waybill.rules.explain import cite
from waybill.rules.figures import Figure, UnknownFigureError, figures_in_force
from waybill.rules.finding import Phase
from waybill.rules.limits import (
    CLEARANCE_LIFETIME,
    PAST_MIDNIGHT,
    SCRAPPING_AGE,
    TANK_SEALS,
    Limit,
)
from waybill.rules.register import EDITIONS, REGISTER
from waybill.rules.rule import Rule
from waybill.rules.wording import Locale, catalogue

_SURGE: Final = (
    "surge_",
    "filling_reference_",
    "filling_density_",
    "filling_agreement_",
    "filling_lightest_",
    "filling_heaviest_",
    "filling_residue_",
)
FIGURES_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "VEH-04.tank_carriage": ("vehicle_kind_",),
    "VEH-06.positioning": ("position_",),
    "TNK-02.approved": ("portable_gas_",),
    "TNK-03.filling": ("filling_",),
    "AFTER-01.filling": ("filling_",),
    "TNK-03.surge": _SURGE,
    "AFTER-01.surge": _SURGE,
    "AFTER-01.weighbridge": ("weighing_",),
    "TNK-03.volume": ("tank_cap_", "vehicle_cap_"),
    "MIX-02.limited": ("limited_",),
    "MIX-02.excepted": ("excepted_",),
}
"""By rule code, with what the names of the figures begin that it compares with."""

LIMITS_OF: Final[Mapping[str, Limit]] = {
    "VEH-01.tractor": SCRAPPING_AGE,
    "VEH-01.trailer": SCRAPPING_AGE,
    "AFTER-01.seals": TANK_SEALS,
    "DOC-01.dates": PAST_MIDNIGHT,
    "AFTER-01.times": CLEARANCE_LIFETIME,
}
"""By rule code, the limit that belongs to the register itself."""


class UnknownRuleError(LookupError):
    """The register has no rule with this code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that a rule can give: its reason, what it comes to, and its words as templates.

    `needed` and `cure` are empty where nothing is asked for; names of facts stand in braces.
    """

    reason: str
    outcome: str
    seen: str
    needed: str
    cure: str


def rules_on(on: date, edition: str, phase: Phase | None = None) -> tuple[Rule, ...]:
    """Return the rules that hold on a day by an edition, one version each, in a phase or any.

    Raises:
        ValueError: there is no such edition.
    """
    if edition not in {known.id for known in EDITIONS}:
        raise ValueError(f"the register has no edition {edition}")
    newest: dict[str, Rule] = {}
    for rule in REGISTER:
        known = newest.get(rule.code)
        if rule.edition > edition or not rule.in_force(on):
            continue
        if known is None or rule.version > known.version:
            newest[rule.code] = rule
    return tuple(rule for rule in newest.values() if phase is None or phase in rule.phases)


def versions_of(code: str) -> tuple[Rule, ...]:
    """Return every version of a rule, newest first.

    Raises:
        UnknownRuleError: the register has no such code.
    """
    found = [rule for rule in REGISTER if rule.code == code]
    if not found:
        raise UnknownRuleError(code)
    return tuple(sorted(found, key=lambda rule: rule.version, reverse=True))


def what_it_asks(code: str, locale: Locale) -> str:
    """Return what a rule asks, in two or three sentences; empty where nobody has written it."""
    return catalogue(locale).rules.get(code, "")


def figures_of(code: str, on: date) -> tuple[Figure, ...]:
    """Return the law's figures that a rule compares with, as they are in force on a day."""
    limit = LIMITS_OF.get(code)
    own = () if limit is None else (_figure(limit),)
    try:
        in_force = figures_in_force(on).figures
    except UnknownFigureError:
        return own
    prefixes = FIGURES_OF.get(code, ())
    named = (key for key in in_force if prefixes and key.startswith(prefixes))
    return (*own, *(in_force[key] for key in sorted(named)))


def _figure(limit: Limit) -> Figure:
    return Figure(
        key=limit.key,
        value=Decimal(limit.value),
        unit=limit.unit,
        source_zh=cite(limit.basis, "zh"),
        source_en=cite(limit.basis, "en"),
        confirmed=limit.confirmed,
        note=limit.confirmed_note,
    )


def answers_of(rule: Rule, locale: Locale) -> tuple[Answer, ...]:
    """Return every answer a rule can give, with its words."""
    return tuple(
        Answer(
            reason=reason,
            outcome=outcome.value,
            **_words(catalogue(locale).find_templates(rule.code, reason) or ()),
        )
        for reason, outcome in rule.reasons.items()
    )


def _words(templates: Iterable[str]) -> dict[str, str]:
    found = [*templates, "", "", ""]
    return {"seen": found[0], "needed": found[1], "cure": found[2]}
