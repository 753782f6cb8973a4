"""The catalogue of words, and how the facts of a finding are written into them.

The words are in `texts/`, one folder per language with the same files and keys. How a fact is
written follows from its name: `_kg` is a mass, `_at` a moment, a closed list its member's word.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec

from waybill.clock import SHANGHAI
from waybill.codec import JsonValue
from waybill.identifiers import IdentifierError, format_plate, parse_plate
from waybill.qr_payload.errors import QrError
from waybill.registry.kinds import PermitKind, PlateColour, TankKind, VehicleApproval
from waybill.registry.labels import label_of
from waybill.rules.finding import Finding
from waybill.rules.questions import all_photos, all_questions
from waybill.rules.subjects import Subject

Locale: TypeAlias = Literal["zh", "en"]
Facts: TypeAlias = Mapping[str, JsonValue]

LOCALES: Final[tuple[Locale, ...]] = ("zh", "en")
SHARED: Final = "shared"
MISSING: Final = "—"
"""Stands where a stored finding does not have what today's words ask for."""

_TEXTS: Final = Path(__file__).with_name("texts")
_PLACEHOLDER: Final = re.compile(r"\{([a-z0-9_]+)\}")
_SPACE_BEFORE_STOP: Final = re.compile(" (?=[，。；：、）])")
_NAMED: Final = frozenset({Subject.TRACTOR, Subject.TRAILER, Subject.TANK})


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All words of one language, or of one file of it.

    `reasons` are by rule code, by the part of it before the full stop, or shared; each reason has
    what was seen, what is needed and how to cure it, or only the first. `rules` say by rule code
    what the rule asks, for the rule book.
    """

    outcome: dict[str, str] = {}
    severity: dict[str, str] = {}
    verdict: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    reasons: dict[str, dict[str, tuple[str, ...]]] = {}
    rules: dict[str, str] = {}

    def find_templates(self, code: str, reason: str) -> tuple[str, ...] | None:
        """Return the templates of a reason, those nearest to the rule; `None` without any."""
        for section in (code, code.partition(".")[0], SHARED):
            templates = self.reasons.get(section, {}).get(reason)
            if templates is not None:
                return templates
        return None


@lru_cache(maxsize=len(LOCALES))
def catalogue(locale: Locale) -> Catalogue:
    """Return the words of a language, put together from all of its files, which are read once.

    Raises:
        ValueError: two files say the same thing.
    """
    whole = Catalogue()
    for path in sorted((_TEXTS / locale).glob("*.toml")):
        part = msgspec.toml.decode(path.read_bytes(), type=Catalogue)
        for name in Catalogue.__struct_fields__:
            known, added = getattr(whole, name), getattr(part, name)
            if doubled := known.keys() & added.keys():
                raise ValueError(f"{path.name} repeats {name}: {sorted(doubled)}")
            known.update(added)
    return whole


def fill(template: str, finding: Finding, locale: Locale) -> str:
    """Write a finding's facts into a template; the sentence begins with a capital."""

    def write(found: re.Match[str]) -> str:
        return _write(found[1], finding.facts, locale)

    text = _SPACE_BEFORE_STOP.sub("", _PLACEHOLDER.sub(write, template))
    return text[:1].upper() + text[1:]


def _write(name: str, facts: Facts, locale: Locale) -> str:
    if name == "who":
        return _who(facts, locale)
    value = facts.get(name)
    if value is None or value in ("", []):
        return MISSING
    if isinstance(value, list | tuple):
        return ("、" if locale == "zh" else ", ").join(_one(name, v, locale) for v in value)
    return _one(name, value, locale)


def _who(facts: Facts, locale: Locale) -> str:
    """Return whom it is about; things are also named, people and the carrier are known."""
    subject = _write("subject", facts, locale)
    if facts.get("subject") not in _NAMED or "holder" not in facts:
        return subject
    named = f"{subject} {_write('holder', facts, locale)}"
    return f"{named} " if locale == "zh" else named


def _one(name: str, value: JsonValue, locale: Locale) -> str:
    text = str(value)
    for suffix, writer in _WRITERS.items():
        if name.endswith(suffix):
            return writer(text, locale)
    return text


def _mass(text: str, _locale: Locale) -> str:
    return f"{Decimal(text):,f} kg"


def _plain(unit: str) -> Callable[[str, Locale], str]:
    def write(text: str, _locale: Locale) -> str:
        return f"{Decimal(text):,f} {unit}"

    return write


def _moment(text: str, _locale: Locale) -> str:
    return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _identifier(text: str, _locale: Locale) -> str:
    try:
        return format_plate(parse_plate(text))
    except IdentifierError:
        return text


def _un_number(text: str, _locale: Locale) -> str:
    return f"UN {text}"


def _colour(text: str, locale: Locale) -> str:
    label = label_of(PlateColour(text))
    return label.zh if locale == "zh" else label.en


def _tank_kind(text: str, locale: Locale) -> str:
    label = label_of(TankKind(text))
    return label.zh if locale == "zh" else label.en


def _approval(text: str, locale: Locale) -> str:
    label = label_of(VehicleApproval(text))
    return label.zh if locale == "zh" else label.en


def _permit(text: str, locale: Locale) -> str:
    label = label_of(PermitKind(text))
    return label.zh if locale == "zh" else label.en


def _problem(text: str, locale: Locale) -> str:
    """Return why a code was refused; a word of another reader stays as it is."""
    zh, en = QrError.TEXTS.get(text, (text, text))
    return zh if locale == "zh" else en


def _question(text: str, locale: Locale) -> str:
    """Return what was asked; an id of another edition stays as it is."""
    for question in all_questions():
        if question.id == text:
            return question.zh if locale == "zh" else question.en
    return text


def _photo(text: str, locale: Locale) -> str:
    for photo in all_photos():
        if photo.shows == text:
            return photo.zh if locale == "zh" else photo.en
    return text


def _word_of(section: str) -> Callable[[str, Locale], str]:
    def write(text: str, locale: Locale) -> str:
        return catalogue(locale).words[section].get(text, text)

    return write


_WRITERS: Final[Mapping[str, Callable[[str, Locale], str]]] = {
    "_kg_l": _plain("kg/L"),
    "_kg": _mass,
    "_l": _plain("L"),
    "_bar": _plain("bar"),
    "_c": _plain("°C"),
    "_mm2_s": _plain("mm²/s"),
    "_percent": _plain("%"),
    "_at": _moment,
    "un_numbers": _un_number,
    "_colour": _colour,
    "tank_kind": _tank_kind,
    "subject": _word_of("subject"),
    "subjects": _word_of("subject"),
    "certificate": _word_of("certificate"),
    "regime": _word_of("regime"),
    "regimes": _word_of("regime"),
    "undeclared": _word_of("quantity"),
    "status": _word_of("status"),
    "how": _word_of("how"),
    "places": _word_of("place"),
    "permit_plates": _identifier,
    "plates": _word_of("plate"),
    "marks": _word_of("mark"),
    "questions": _question,
    "photos": _photo,
    "problem": _problem,
    "limit_by": _word_of("limit_by"),
    "why": _word_of("why"),
    "held": _word_of("category"),
    "needed": _word_of("category"),
    "missing": _word_of("category"),
    "approval": _approval,
    "permit": _permit,
    "lists": _word_of("list"),
    "driven": _word_of("driven"),
    "route_end": _word_of("route_end"),
    "holder": _identifier,
    "seen": _identifier,
    "expected": _identifier,
    "registered": _identifier,
}
"""By the end of a fact's name, first that fits."""
