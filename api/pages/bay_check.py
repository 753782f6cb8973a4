"""One check at the bay: what is shown and answered, the decision, and the verdict's screen."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, Literal
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.auth import accepts_uploads, actor, requires
from api.bay import asked_of
from api.language import language, say
from api.page_forms import CHOOSE, FormReader
from api.pages.bay import is_typed, shown_texts
from api.pages.bay_answers import GROUPS, hand_over_of, is_open
from api.pages.bay_looks import is_tag, keep_tag
from api.pages.layout import key_ring, submit
from api.pages.offline_records import shown_records
from api.pages.showing import findings_shown, verdict_state
from api.runtime import runtime
from api.transactions import reading, transaction
from scanners.checklist import StepKind, StepState, concerned, outcome_of, steps
from scanners.frames import FrameError
from scanners.presenting import present, say_other_than_asked, say_problem, say_what_was_read
from waybill.identifiers import IdentifierError, parse_plate
from waybill.registry.access import Permission
from waybill.registry.kinds import PlateColour
from waybill.rules.evidence import (
    AnswerItem,
    EvidenceItem,
    PlateItem,
    PresenceItem,
    ScanItem,
    ScanKind,
)
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import CheckStatus
from waybill.services.checks.deciding import decide_check
from waybill.services.checks.evidence import add_evidence
from waybill.services.checks.queries import CheckView, get_check
from waybill.services.checks.supervisors import list_supervisors
from waybill.services.offline.queries import records_of_check
from waybill.services.waybills.queries import get_waybill

SCANNED_STEPS: Final = frozenset({kind.value for kind in ScanKind} - {ScanKind.DOCUMENT.value})
ASKED_KINDS: Final = frozenset(kind.value for kind in GROUPS)
Unit = Literal["tractor", "trailer"]
Crew = Literal["driver", "escort", "supervisor"]
CREW: Final[Mapping[str, Crew]] = {
    "driver": "driver",
    "escort": "escort",
    "supervisor": "supervisor",
}
UNITS: Final[Mapping[str, Unit]] = {"tractor": "tractor", "trailer": "trailer"}

blueprint = Blueprint("bay_check", __name__, url_prefix="/bay/checks/<uuid:check_id>")


@blueprint.get("")
@requires(Permission.READ_CHECK)
def show(check_id: UUID) -> ResponseReturnValue:
    """Show how the check stands and wait for the next code or answer."""
    return _check(check_id, {})


@blueprint.post("/scans")
@requires(Permission.CHECK_LOADING)
@accepts_uploads
def scan(check_id: UUID) -> ResponseReturnValue:
    """Add what was scanned, typed or photographed."""
    try:
        texts = shown_texts()
    except FrameError as error:
        page = _check(check_id, {"": say(error.message_zh, error.message_en)})
        return page, HTTPStatus.UNPROCESSABLE_ENTITY

    def act() -> str:
        tags = [keep_tag(check_id, text) for text in texts if is_tag(text)]
        if tags:
            return url_for(
                "bay_answers.show", check_id=check_id, tag=tags[-1].value, _anchor="tags"
            )
        read = [_scan(check_id, text) for text in texts]
        unread = "" if any(read) else "empty"
        return url_for(".show", check_id=check_id, unread=unread or None, asked=_asked())

    return submit(act, lambda messages: _check(check_id, messages))


def _asked() -> str | None:
    step = request.form.get("expected", "")
    return step if step in SCANNED_STEPS else None


def _scan(check_id: UUID, text: str) -> bool:
    """Add one text as evidence; return whether it named anything."""
    clock, asked = runtime().clock, _asked()
    shown = present(
        text,
        key_ring().table,
        at=clock.now(),
        typed=is_typed(),
        expected=ScanKind(asked) if asked else None,
    )
    if shown.item is None:
        return False
    _add(check_id, shown.item)
    return True


@blueprint.post("/plates")
@requires(Permission.CHECK_LOADING)
def see_plate(check_id: UUID) -> ResponseReturnValue:
    """Add the plate that stands in front of the loader."""

    def act() -> str:
        reader = FormReader(form=request.form)
        unit = UNITS.get(reader.text("unit"), "tractor")
        colour = reader.choice(f"{unit}-plate_colour", PlateColour)
        plate = _plate(reader, f"{unit}-plate")
        reader.settle()
        item = PlateItem(
            unit=unit, plate=plate, plate_colour=colour, how="typed", at=runtime().clock.now()
        )
        _add(check_id, item)
        return url_for(".show", check_id=check_id)

    return submit(act, lambda messages: _check(check_id, messages))


def _plate(reader: FormReader, name: str) -> str:
    try:
        return parse_plate(reader.text(name, required=True)).number
    except IdentifierError as error:
        reader.complain(name, (error.code, error.message_zh, error.message_en))
        return ""


@blueprint.post("/presences")
@requires(Permission.CHECK_LOADING)
def see_person(check_id: UUID) -> ResponseReturnValue:
    """Add whether driver, escort or supervisor is here."""

    def act() -> str:
        reader = FormReader(form=request.form)
        role = CREW.get(reader.text("role"))
        if role is None:
            reader.complain("role", CHOOSE)
        reference = reader.text("reference", required=role == "supervisor")
        reader.settle()
        item = PresenceItem(
            role=role or "driver",
            reference=reference or _reference(check_id, role),
            present=request.form.get("present") == "yes",
            at=runtime().clock.now(),
        )
        _add(check_id, item)
        return url_for(".show", check_id=check_id)

    return submit(act, lambda messages: _check(check_id, messages))


def _reference(check_id: UUID, role: Crew | None) -> str:
    """Return whom the waybill names, so that nobody types a reference."""
    waybill = _view(check_id).facts.waybill
    return waybill.driver_reference if role == "driver" else waybill.escort_reference


def _add(check_id: UUID, item: ScanItem | PlateItem | PresenceItem) -> None:
    with transaction() as session:
        add_evidence(session, actor(), check_id, item, keys=key_ring(), clock=runtime().clock)


@blueprint.post("/decision")
@requires(Permission.CHECK_LOADING)
def decide(check_id: UUID) -> ResponseReturnValue:
    """Judge the check; whichever way it goes, the verdict takes the screen."""

    def act() -> str:
        with transaction() as session:
            decide_check(session, actor(), check_id, keys=key_ring(), clock=runtime().clock)
        return url_for(".verdict", check_id=check_id)

    return submit(act, lambda messages: _check(check_id, messages))


@blueprint.get("/verdict")
@requires(Permission.READ_CHECK)
def verdict(check_id: UUID) -> ResponseReturnValue:
    """Show the newest verdict of the check, large."""
    view = _view(check_id)
    if not view.verdicts:
        return redirect(url_for(".show", check_id=check_id))
    newest = view.verdicts[-1]
    state = verdict_state(newest.findings, clears=newest.clears)
    stage = "after" if newest.phase is Phase.AFTER_LOADING else "before"
    return render_template(
        "bay/verdict.html",
        view=view,
        verdict=newest,
        state=state,
        word=f"verdict.{stage}_{state}",
        stage=stage,
        findings=findings_shown(f for f in newest.findings if f.stands),
        passed=sum(not f.stands for f in newest.findings),
    )


def _view(check_id: UUID) -> CheckView:
    with reading() as session:
        return get_check(session, actor(), check_id, keys=key_ring(), clock=runtime().clock)


def _check(check_id: UUID, messages: Mapping[str, str]) -> str:
    view, who = _view(check_id), actor()
    with reading() as session:
        waybill = get_waybill(session, who, view.summary.waybill_id)
        records = records_of_check(session, check_id)
        mayact = Permission.CHECK_LOADING in who.permissions
        supervisors = list_supervisors(session, who, vault=runtime().vault) if mayact else ()
    findings = view.standing.assessment.findings
    walk = [step for step in steps(view.facts, findings) if step.needed]
    step = request.args.get("step", "")
    return render_template(
        "bay/check.html",
        view=view,
        waybill=waybill,
        records=shown_records(records),
        walk=[(s, findings_shown(f for f in s.findings if f.stands)) for s in walk],
        missing=[s for s in walk if s.state is StepState.MISSING],
        step=step if step in SCANNED_STEPS else "",
        last=_last(view),
        present={i.role: i.present for i in view.items if isinstance(i, PresenceItem)},
        unread=_unread(),
        supervisors=supervisors,
        colours=tuple(PlateColour),
        open=view.summary.status in (CheckStatus.OPEN, CheckStatus.REFUSED),
        has_trailer=any(s.kind is StepKind.TRAILER_PLATE for s in walk),
        asked_kinds=ASKED_KINDS,
        looks_open=hand_over_of(view, who).looks_open,
        questions_open=sum(is_open(asked) for asked in asked_of(view)),
        messages=messages,
        values=request.form,
    )


def _unread() -> str:
    problem = request.args.get("unread", "")
    if not problem:
        return ""
    words = say_problem(problem)
    return say(words.zh, words.en)


def _last(view: CheckView) -> dict[str, object] | None:
    """Say what the newest piece of evidence was, and how it did."""
    if not view.items:
        return None
    item = view.items[-1]
    findings = view.standing.assessment.findings
    problem = say_problem(item.problem) if isinstance(item, ScanItem) else None
    asked = request.args.get("asked", "")
    other = say_other_than_asked(
        item if isinstance(item, ScanItem) else None,
        ScanKind(asked) if asked in SCANNED_STEPS else None,
    )
    return {
        "item": item,
        "kind": type(item).__name__,
        "words": _words(item, view),
        "outcome": outcome_of(item, findings).value,
        "problem": say(problem.zh, problem.en) if problem else "",
        "other": say(other.zh, other.en),
        "findings": findings_shown(f for f in concerned(item, findings) if f.stands),
        "language": language(),
    }


def _words(item: EvidenceItem, view: CheckView) -> str:
    if isinstance(item, AnswerItem):
        found = next((each for each in asked_of(view) if each.id == item.question), None)
        return say(found.zh, found.en) if found else item.question
    if not isinstance(item, ScanItem):
        return ""
    words = say_what_was_read(item)
    return say(words.zh, words.en)
