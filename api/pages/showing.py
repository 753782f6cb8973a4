"""How values look on a page: dates, numbers, plates, states. All pages share these."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from api.language import language
from api.wording import t, term
from scanners.presenting import say_problem
from waybill.clock import SHANGHAI
from waybill.codec import JsonValue
from waybill.goods.entry import DangerousGoodsEntry
from waybill.goods.wording import describe, description_en, description_zh
from waybill.registry.kinds import CertificateKind
from waybill.registry.scope import parse_scope
from waybill.registry.scope_words import settled
from waybill.rules.finding import Finding, Outcome
from waybill.services.event_views import EventOutcome
from waybill.services.presentation import presented
from waybill.services.registry.certificate_fields import ENDORSEMENTS
from waybill.services.registry.fitness import Fitness
from waybill.storage.events import EventKind, EventResult

ORDER: Final[Mapping[Outcome, int]] = {
    Outcome.FAILED: 0,
    Outcome.UNKNOWN: 1,
    Outcome.PASSED: 2,
    Outcome.NOT_APPLICABLE: 3,
}

MAX_CODES: Final = 3
"""How many of the codes that stood are named beside an outcome; the event's page names all."""


def moment(value: datetime | None) -> str:
    """Return a moment as 2026-11-22 14:05 in Asia/Shanghai; nothing for `None`."""
    return "" if value is None else f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def form_moment(value: datetime | None) -> str:
    """Return a moment as a form holds it, with its seconds only where it has some."""
    if value is None:
        return ""
    local = value.astimezone(SHANGHAI).replace(tzinfo=None)
    whole_minute = not (local.second or local.microsecond)
    return local.isoformat(sep=" ", timespec="minutes" if whole_minute else "auto")


def moment_s(value: datetime | None) -> str:
    """Return a moment with its seconds, for the log."""
    return "" if value is None else f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def day(value: date | None) -> str:
    """Return a calendar date; nothing for `None`."""
    return "" if value is None else value.isoformat()


def figure(value: Decimal | int | None) -> str:
    """Return a number with commas between thousands and no idle zeros: 28,500."""
    return "" if value is None else f"{_plain(value):,f}"


def form_figure(value: Decimal | int | None) -> str:
    """Return a number as a form holds it: 28500."""
    return "" if value is None else f"{_plain(value):f}"


def typed_figure(text: str) -> str:
    """Return a number that was typed with commas between thousands, other text as it stands."""
    return f"{int(text):,}" if text.isascii() and text.isdigit() else text


def kg(value: Decimal | int | None) -> str:
    """Return a mass: 28,500 kg."""
    return "" if value is None else f"{figure(value)} kg"


def litres(value: Decimal | int | None) -> str:
    """Return a volume: 45,000 L."""
    return "" if value is None else f"{figure(value)} L"


def plate_text(number: str) -> str:
    """Return a plate with the dot after its letter: 苏H·12345."""
    return f"{number[:2]}·{number[2:]}" if number else ""


def findings_shown(findings: Iterable[Finding]) -> list[dict[str, JsonValue]]:
    """Return findings with the words of the reader's language under `words`, worst first."""
    ordered = sorted(findings, key=lambda f: (not f.blocks, ORDER[f.outcome], f.code))
    return [shown | {"words": shown[language()]} for shown in map(presented, ordered)]


def verdict_state(findings: Iterable[Finding], *, clears: bool) -> str:
    """Return `passed`, `failed` or `unknown`: unknown where nothing failed but not all is known."""
    if clears:
        return "passed"
    stops = any(f.blocks and f.outcome is Outcome.FAILED for f in findings)
    return "failed" if stops else "unknown"


def event_name(kind: str) -> str:
    """Return what an event of the log is called; an unknown kind by its own name."""
    try:
        return t(f"event.{kind}")
    except KeyError:
        return kind


def named_events(kinds: Iterable[EventKind]) -> list[tuple[str, str]]:
    """Return kinds of event with their names, to choose from."""
    return [(kind.value, event_name(kind)) for kind in kinds]


def named_outcomes(results: Iterable[EventResult]) -> list[tuple[str, str]]:
    """Return outcomes with their names, to choose from."""
    return [(result.value, t(f"event_result.{result.value}")) for result in results]


def named_terms(members: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Return members of one of the registry's lists with their names, to choose from."""
    return [(member.value, term(member)) for member in members]


def outcome_shown(outcome: EventOutcome, kind: str) -> tuple[str, str, str]:
    """Return how an event went as pages say it: mark, words, and the codes of what stood."""
    if outcome.problem:
        words = say_problem(outcome.problem)
        return Outcome.FAILED.value, words.zh if language() == "zh" else words.en, ""
    state = (Outcome.PASSED if outcome.passed else Outcome.FAILED).value
    act = "decided" if kind == EventKind.CHECK_DECIDED else "released"
    more = len(outcome.standing) - MAX_CODES
    codes = ", ".join(outcome.standing[:MAX_CODES]) + (f" +{more}" if more > 0 else "")
    return state, t(f"event_outcome.{act}_{state}"), codes


def _plain(value: Decimal | int) -> Decimal:
    normal = Decimal(value).normalize()
    return normal.quantize(Decimal(1)) if normal == normal.to_integral() else normal


def goods_words(
    entry: DangerousGoodsEntry, technical_name: str = "", waste: str = "", empty: str = ""
) -> str:
    """Return a row as papers describe it, in the reader's language.

    `waste` and `empty` are as a form holds them: empty for an unticked box.
    """
    goods = replace(
        describe(entry),
        technical_name=technical_name,
        waste=bool(waste),
        empty_uncleaned=bool(empty),
    )
    return description_zh(goods) if language() == "zh" else description_en(goods)


def fitness_words(found: Fitness) -> str:
    """Return how a record stands, in words with its date: 驾驶证有效至 2027-05-31."""
    paper = term(CertificateKind(found.certificate)) if found.certificate else ""
    reason = "valid_open" if found.reason == "valid" and not found.until else found.reason
    return t(f"fitness.{reason}", paper=paper, until=found.until).strip()


def scope_notes(scope: str) -> list[tuple[str, str]]:
    """Return what a reader must know of a scope: a key of the words, and the pieces it is about.

    Pieces that were not understood grant nothing; a person has to read them on the paper.
    """
    read = parse_scope(scope)
    terms = [term for grant in read.grants for term in (grant.term, *grant.only, *grant.excluded)]
    notes = {
        "scope_unread": read.unparsed,
        "scope_unknown_name": [term.text for term in terms if settled(term) != term],
        "scope_own_account": [grant.term.text for grant in read.grants if grant.own_account],
        "scope_tank_only": [grant.term.text for grant in read.grants if grant.tank_only],
    }
    between = t("form.comma")
    return [(key, between.join(dict.fromkeys(pieces))) for key, pieces in notes.items() if pieces]


MARKS: Final[Mapping[str, str]] = {
    "passed": "●",
    "failed": "✕",
    "unknown": "?",
    "missing": "○",
    "not_applicable": "–",
}
"""The shape beside every colour and word."""


def mark(outcome: str) -> str:
    """Return the shape of an outcome, for places that take no markup, such as a list to choose."""
    return MARKS[outcome]


def category_words(category: str) -> str:
    """Return what an endorsement is called; a driving class stands for itself."""
    return t(f"endorsement.{category}") if category in ENDORSEMENTS else category
