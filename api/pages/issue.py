"""Writing and issuing a waybill. Every button saves the draft first, so nothing is ever lost."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from api.auth import actor, requires
from api.language import language
from api.page_forms import FormReader, messages_of
from api.pages.choices import Choices, choices_of
from api.pages.draft_form import (
    form_of,
    goods_list,
    known_rows,
    lines_of,
    read_draft,
    unfilled,
)
from api.pages.layout import key_ring, submit
from api.pages.showing import findings_shown
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.errors import (
    FieldProblem,
    FindingsNotAcceptedError,
    InvalidFieldError,
    IssueBlockedError,
    NotFoundError,
)
from waybill.goods.entry import DangerousGoodsEntry
from waybill.goods.search import MAX_QUERY_LENGTH
from waybill.registry.access import Permission
from waybill.services.verdicts import Verdict
from waybill.services.waybills.draft import Draft
from waybill.services.waybills.drafts import change_draft, create_draft, discard_draft
from waybill.services.waybills.issuing import IssueTerms, issue_waybill, preview_issue
from waybill.services.waybills.queries import get_waybill

RESULTS: Final = 12
ACT: Final = "act"

blueprint = Blueprint("issue", __name__, url_prefix="/waybills")


@blueprint.get("/new")
@requires(Permission.WRITE_WAYBILL)
def new() -> ResponseReturnValue:
    """Begin with the goods."""
    return _page(None, form_of(Draft(), 0), {})


@blueprint.post("/new")
@requires(Permission.WRITE_WAYBILL)
def create() -> ResponseReturnValue:
    """Keep the first state of a draft and do what the button asks."""
    return submit(lambda: _act(None), lambda messages: _page(None, request.form, messages))


@blueprint.get("/<uuid:waybill_id>/edit")
@requires(Permission.WRITE_WAYBILL)
def edit(waybill_id: UUID) -> ResponseReturnValue:
    """Go on with a draft; `?check=1` shows how it would be judged."""
    draft, version = _stored(waybill_id)
    now = runtime().clock.now()
    pending = known_rows(request.args.getlist("picked"), now)
    values = form_of(draft, version, pending, at=now)
    if not request.args.get("check"):
        return _page(waybill_id, values, {})
    try:
        verdict = _preview(waybill_id, unfilled(draft, pending))
    except InvalidFieldError as error:
        return _page(waybill_id, values, messages_of(error.problems, language()))
    return _page(waybill_id, values, {}, verdict)


@blueprint.post("/<uuid:waybill_id>/edit")
@requires(Permission.WRITE_WAYBILL)
def change(waybill_id: UUID) -> ResponseReturnValue:
    """Keep the draft and do what the button asks; a script that saves gets the summary back."""
    if request.form.get(ACT) == "keep":
        return _keep(waybill_id)
    return submit(
        lambda: _act(waybill_id), lambda messages: _page(waybill_id, request.form, messages)
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
    return render_template("waybills/_goods.html", q=query, found=_found(query))


def _act(waybill_id: UUID | None) -> str:
    """Save what is written, then do what was asked, and return where to go."""
    reader = FormReader(form=request.form)
    verb, _, wanted = request.form.get(ACT, "save").partition(":")
    dropped = int(wanted) if verb == "drop" and wanted.isdecimal() else None
    written = read_draft(reader, dropped=dropped)
    saved, version = _save(waybill_id, written.draft, reader.whole("version") or 0)
    pending = [*written.pending, wanted] if verb == "pick" else [*written.pending]
    query = reader.text("q")[:MAX_QUERY_LENGTH]
    if verb == "issue" and not pending:
        return _issue(saved, version)
    there: dict[str, str] = {}
    if verb == "find" and query:
        there = {"q": query, "_anchor": "goods"}
    elif verb in ("pick", "drop"):
        there = {"_anchor": "goods"}
    elif verb in ("check", "issue"):
        there = {"check": "1", "_anchor": "findings"}
    elif verb == "save":
        there = {"done": "saved"}
    return _edit_address(saved, pending, **there)


def _edit_address(waybill_id: UUID, pending: Sequence[str], **there: str) -> str:
    # Rows that wait for their quantity are no part of a draft yet, so the address carries them.
    values: dict[str, Any] = {**there, "picked": list(pending) or None}
    return url_for(".edit", waybill_id=waybill_id, **values)


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
        return _edit_address(waybill_id, (), check="1", _anchor="findings")
    return url_for("waybill_pages.show", waybill_id=waybill_id, done="issued")


def _keep(waybill_id: UUID) -> ResponseReturnValue:
    try:
        reader = FormReader(form=request.form)
        draft = read_draft(reader).draft
        _, version = _save(waybill_id, draft, reader.whole("version") or 0)
    except InvalidFieldError as error:
        words = messages_of(error.problems, language())
        return {"messages": dict(words)}, HTTPStatus.UNPROCESSABLE_ENTITY
    now = runtime().clock.now()
    with reading() as session:
        choices = choices_of(session, actor(), draft.planned_loading_at or now)
    summary = render_template(
        "waybills/_summary.html",
        values=request.form,
        choices=choices,
        lines=lines_of(request.form, now),
    )
    return {"version": version, "summary": summary}


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


def _page(
    waybill_id: UUID | None,
    values: "MultiDict[str, str]",
    messages: Mapping[str, str],
    verdict: Verdict | None = None,
) -> str:
    now = runtime().clock.now()
    query = request.args.get("q", "")[:MAX_QUERY_LENGTH]
    with reading() as session:
        choices = _choices(session)
    return render_template(
        "waybills/edit.html",
        waybill_id=waybill_id,
        values=values,
        lines=lines_of(values, now),
        choices=choices,
        messages=messages,
        q=query,
        found=_found(query),
        verdict=verdict,
        findings=findings_shown(verdict.assessment.standing) if verdict else [],
        blocked=bool(verdict and verdict.assessment.blocking_at_issue),
    )


def _choices(session: Session) -> Choices:
    return choices_of(session, actor(), runtime().clock.now())


def _found(query: str) -> tuple[DangerousGoodsEntry, ...]:
    if not query.strip():
        return ()
    return goods_list(runtime().clock.now()).search(query, limit=RESULTS).entries
