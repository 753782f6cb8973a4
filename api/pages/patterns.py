"""What patterns found in the log: whom it is about, what was seen, and the events behind it."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from api.auth import actor, requires
from api.language import language
from api.page_forms import FormReader
from api.pages.showing import plate_text
from api.transactions import reading
from api.wording import t
from waybill.registry.access import Permission
from waybill.registry.cases import CaseSubject
from waybill.services.paging import PageRequest
from waybill.services.patterns.finding import (
    FindingFilter,
    PatternFinding,
    count_findings,
    get_finding,
    list_findings,
)
from waybill.services.patterns.pattern import Pattern
from waybill.services.patterns.table import PATTERNS
from waybill.services.statistics.naming import names_of, numbers_of, usernames_of
from waybill.storage.patterns import PatternSubject

ROWS: Final = 50
MOST_EVENTS: Final = 20
"""So many events, the newest, a new case is told of; an address has an end."""

blueprint = Blueprint("pattern_pages", __name__, url_prefix="/patterns")


@blueprint.get("")
@requires(Permission.READ_STATISTICS)
def index() -> ResponseReturnValue:
    """List what was found, newest first, of one pattern or of all."""
    reader = FormReader(form=request.args)
    code = reader.text("code")
    page = PageRequest(limit=ROWS, after=reader.identity("after"))
    reader.settle()
    with reading() as session:
        found = list_findings(session, actor(), FindingFilter(code=code), page)
        counts = count_findings(session)
        shown = [_shown(session, finding) for finding in found.items]
    return render_template(
        "patterns/index.html",
        patterns=[(pattern, said(pattern), counts[key]) for key, pattern in PATTERNS.items()],
        chosen=PATTERNS.get(code),
        chosen_said=said(PATTERNS[code]) if code in PATTERNS else None,
        code=code,
        found=shown,
        next_after=found.next_after,
    )


@blueprint.get("/<uuid:finding_id>")
@requires(Permission.READ_STATISTICS)
def show(finding_id: UUID) -> ResponseReturnValue:
    """Show one finding with every event behind it."""
    with reading() as session:
        finding = get_finding(session, actor(), finding_id)
        shown = _shown(session, finding)
    return render_template("patterns/show.html", **shown)


def said(pattern: Pattern) -> Mapping[str, object]:
    """Return the words of a pattern in the reader's language."""
    zh = language() == "zh"
    return {
        "title": pattern.title_zh if zh else pattern.title_en,
        "looks_for": pattern.looks_for_zh if zh else pattern.looks_for_en,
        "thresholds": [
            (x.zh if zh else x.en, f"{x.value:f} {x.unit}".strip(), t(f"patterns.{x.provenance}"))
            for x in pattern.thresholds
        ],
    }


def _shown(session: Session, finding: PatternFinding) -> dict[str, object]:
    pattern = finding.pattern
    seen = pattern.seen_zh if language() == "zh" else pattern.seen_en
    name, address = _subject(session, finding)
    return {
        "finding": finding,
        "said": said(pattern),
        "seen": seen.format(**finding.detail, parts=_parts(finding)),
        "subject": name,
        "address": address,
        "case": f"{url_for('case_pages.new')}?{urlencode(_case_about(finding), doseq=True)}",
    }


def _case_about(finding: PatternFinding) -> dict[str, str | list[str]]:
    """Return what a case that is opened from a finding is told of it."""
    told: dict[str, str | list[str]] = {
        "pattern": finding.pattern.code,
        "event": [str(event) for event in finding.events[-MOST_EVENTS:]],
    }
    key = finding.subject_key
    match finding.subject_kind:
        case PatternSubject.PLATE:
            told |= {"about": CaseSubject.VEHICLE.value, "reference": key.partition("/")[0]}
        case PatternSubject.ORGANISATION | PatternSubject.WAYBILL:
            told |= {"about": finding.subject_kind.value, "id": key}
        case PatternSubject.TANK:
            told |= {"about": CaseSubject.TANK.value, "reference": key}
    return told


def _parts(finding: PatternFinding) -> str:
    """Return what two trips share, in words."""
    shared = finding.detail.get("shared")
    names = shared if isinstance(shared, list) else []
    return t("form.comma").join(t(f"trip_part.{name}") for name in names)


def _subject(session: Session, finding: PatternFinding) -> tuple[str, str]:
    """Return what a subject is called and where more is to be seen of it; nobody by name."""
    key = finding.subject_key
    match finding.subject_kind:
        case PatternSubject.PLATE:
            plate, _, colour = key.partition("/")
            address = url_for("auditor.index", plate=plate, plate_colour=colour)
            return f"{plate_text(plate)} {t(f'colour.{colour}')}", address
        case PatternSubject.ORGANISATION:
            address = url_for("auditor.index", organisation=key)
            return names_of(session, [UUID(key)]).get(UUID(key), key), address
        case PatternSubject.WAYBILL:
            address = url_for("waybill_pages.show", waybill_id=key)
            return numbers_of(session, [UUID(key)]).get(UUID(key), key), address
        case PatternSubject.USER:
            return usernames_of(session, [UUID(key)]).get(UUID(key), key), ""
        case _:
            return key, ""
