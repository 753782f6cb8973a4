"""Writing and issuing a waybill. Every button saves the draft first, so nothing is ever lost."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.language import language
from api.page_forms import FormReader, messages_of
from api.pages.draft_form import Dropped, Waiting, form_of, read_draft, unfilled
from api.pages.draft_goods import known_rows
from api.pages.draft_permits import MAX_PERMITS
from api.pages.issue_page import found_goods, fragments, page
from api.pages.layout import key_ring, submit
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.errors import (
    FieldProblem,
    FindingsNotAcceptedError,
    InvalidFieldError,
    IssueBlockedError,
    NotFoundError,
)
from waybill.goods.search import MAX_QUERY_LENGTH
from waybill.registry.access import Permission
from waybill.services.verdicts import Verdict
from waybill.services.waybills.draft import Draft
from waybill.services.waybills.drafts import change_draft, create_draft, discard_draft
from waybill.services.waybills.issuing import IssueTerms, issue_waybill, preview_issue
from waybill.services.waybills.queries import get_waybill
from waybill.services.waybills.recollections import Recollection, last_declared

ACT: Final = "act"

blueprint = Blueprint("issue", __name__, url_prefix="/waybills")


@blueprint.get("/new")
@requires(Permission.WRITE_WAYBILL)
def new() -> ResponseReturnValue:
    """Begin with the goods."""
    return page(None, form_of(Draft(), 0), {})


@blueprint.post("/new")
@requires(Permission.WRITE_WAYBILL)
def create() -> ResponseReturnValue:
    """Keep the first state of a draft and do what the button asks."""
    return submit(lambda: _act(None), lambda messages: page(None, request.form, messages))


@blueprint.get("/<uuid:waybill_id>/edit")
@requires(Permission.WRITE_WAYBILL)
def edit(waybill_id: UUID) -> ResponseReturnValue:
    """Go on with a draft; `?check=1` shows how it would be judged."""
    draft, version = _stored(waybill_id)
    now = runtime().clock.now()
    picked = known_rows(request.args.getlist("picked"), now)
    waiting = Waiting(rows=tuple(picked), permits=_blank_permits())
    values = form_of(draft, version, picked, at=now, recalled=_recalled(picked))
    messages: Mapping[str, str] = {}
    verdict = None
    if request.args.get("check"):
        try:
            verdict = _preview(waybill_id, unfilled(draft, waiting))
        except InvalidFieldError as error:
            messages = messages_of(error.problems, language())
    return page(waybill_id, values, messages, permits=waiting.permits, verdict=verdict)


@blueprint.post("/<uuid:waybill_id>/edit")
@requires(Permission.WRITE_WAYBILL)
def change(waybill_id: UUID) -> ResponseReturnValue:
    """Keep the draft and do what the button asks; a script that saves gets the summary back."""
    if request.form.get(ACT) == "keep":
        return _keep(waybill_id)
    return submit(
        lambda: _act(waybill_id), lambda messages: page(waybill_id, request.form, messages)
    )


@blueprint.post("/<uuid:waybill_id>/discard")
@requires(Permission.WRITE_WAYBILL)
def discard(waybill_id: UUID) -> ResponseReturnValue:
    """Throw a draft away."""
    version = FormReader(form=request.form).whole("version") or 0
    with transaction() as session:
        discard_draft(session, actor(), waybill_id, expected_version=version, clock=runtime().clock)
    return redirect(url_for("waybill_pages.index", done="discarded"), HTTPStatus.SEE_OTHER)


@blueprint.get("/goods")
@requires(Permission.READ_GOODS)
def goods() -> ResponseReturnValue:
    """Return what a goods look-up finds, as a fragment of the page."""
    query = request.args.get("q", "")[:MAX_QUERY_LENGTH]
    return render_template("waybills/_goods.html", q=query, found=found_goods(query))


def _act(waybill_id: UUID | None) -> str:
    """Save what is written, then do what was asked, and return where to go."""
    reader = FormReader(form=request.form)
    verb, _, wanted = request.form.get(ACT, "save").partition(":")
    written = read_draft(reader, runtime().clock.now(), dropped=_dropped(verb, wanted))
    saved, version = _save(waybill_id, written.draft, reader.whole("version") or 0)
    if verb == "issue" and not written.waiting:
        return _issue(saved, version)
    waiting = Waiting(
        rows=(*written.waiting.rows, wanted) if verb == "pick" else written.waiting.rows,
        permits=written.waiting.permits + (verb == "add_permit"),
    )
    query = reader.text("q")[:MAX_QUERY_LENGTH]
    return _edit_address(saved, waiting, **_where(verb, query))


def _dropped(verb: str, wanted: str) -> Dropped | None:
    if not wanted.isdecimal():
        return None
    if verb == "drop":
        return Dropped(line=int(wanted))
    return Dropped(permit=int(wanted)) if verb == "drop_permit" else None


def _where(verb: str, query: str) -> Mapping[str, str]:
    """Return what the address says after an act, so that one goes on where one was."""
    if verb == "find":
        return {"q": query, "_anchor": "goods"} if query else {}
    return {
        "pick": {"_anchor": "goods"},
        "drop": {"_anchor": "goods"},
        "add_permit": {"_anchor": "permits"},
        "drop_permit": {"_anchor": "permits"},
        "check": {"check": "1", "_anchor": "findings"},
        "issue": {"check": "1", "_anchor": "findings"},
        "save": {"done": "saved"},
    }.get(verb, {})


def _edit_address(waybill_id: UUID, waiting: Waiting, **there: str) -> str:
    # What waits for its quantity or number is no part of a draft yet: the address carries it.
    values: dict[str, Any] = {
        **there,
        "picked": list(waiting.rows) or None,
        "permits": waiting.permits or None,
    }
    return url_for(".edit", waybill_id=waybill_id, **values)


def _blank_permits() -> int:
    asked = request.args.get("permits", "")
    return min(int(asked), MAX_PERMITS) if asked.isdecimal() and asked.isascii() else 0


def _recalled(picked: Sequence[str]) -> Mapping[str, Recollection]:
    with reading() as session:
        return last_declared(session, actor(), picked)


def _save(waybill_id: UUID | None, draft: Draft, version: int) -> tuple[UUID, int]:
    clock = runtime().clock
    with transaction() as session:
        if waybill_id is None:
            created = create_draft(session, actor(), draft, clock=clock)
            return created, get_waybill(session, actor(), created).summary.version
        changed = change_draft(
            session, actor(), waybill_id, draft, expected_version=version, clock=clock
        )
        return waybill_id, changed


def _issue(waybill_id: UUID, version: int) -> str:
    """Sign the draft; where something stands in the way, go back to where it is shown."""
    settings = runtime().settings
    terms = IssueTerms(
        keys=key_ring(),
        issuer=settings.issuer,
        public_url=settings.public_url,
        clock=runtime().clock,
    )
    try:
        with transaction() as session:
            issue_waybill(
                session,
                actor(),
                waybill_id,
                expected_version=version,
                accept_findings="accept_findings" in request.form,
                terms=terms,
            )
    except (InvalidFieldError, FindingsNotAcceptedError, IssueBlockedError):
        return _edit_address(waybill_id, Waiting(), check="1", _anchor="findings")
    return url_for("waybill_pages.show", waybill_id=waybill_id, done="issued")


def _keep(waybill_id: UUID) -> ResponseReturnValue:
    now = runtime().clock.now()
    try:
        reader = FormReader(form=request.form)
        written = read_draft(reader, now)
        _, version = _save(waybill_id, written.draft, reader.whole("version") or 0)
    except InvalidFieldError as error:
        words = messages_of(error.problems, language())
        return {"messages": dict(words)}, HTTPStatus.UNPROCESSABLE_ENTITY
    drawn = fragments(request.form, written.draft.planned_loading_at or now)
    # What has become part of the draft must not come back a second time when the page is reloaded.
    return {"version": version, "address": _edit_address(waybill_id, written.waiting), **drawn}


def _stored(waybill_id: UUID) -> tuple[Draft, int]:
    with reading() as session:
        found = get_waybill(session, actor(), waybill_id)
    if found.draft is None or found.content is not None:
        raise NotFoundError("draft", waybill_id)
    return found.draft, found.summary.version


def _preview(waybill_id: UUID, missing: Sequence[FieldProblem]) -> Verdict:
    """Judge the draft as issue would; what it still lacks is named together with `missing`."""
    try:
        with reading() as session:
            verdict = preview_issue(
                session, actor(), waybill_id, keys=key_ring(), clock=runtime().clock
            )
    except InvalidFieldError as error:
        raise InvalidFieldError([*error.problems, *missing]) from error
    if missing:
        raise InvalidFieldError(missing)
    return verdict
