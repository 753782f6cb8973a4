"""Waybills: the list, and one with all that happened to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from api.auth import actor, requires
from api.page_forms import FormReader
from api.pages.layout import submit
from api.pages.offline_records import shown_records
from api.pages.showing import findings_shown, verdict_state
from api.rendering.qr import qr_svg
from api.rendering.wording import describe_item
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.codec import JsonValue
from waybill.document import GoodsItem, LoadingRecord, WaybillContent, parse_loading_record
from waybill.goods.catalogue import load
from waybill.goods.wording import description_en, description_zh
from waybill.identifiers import IdentifierError, parse_plate
from waybill.registry.access import Permission
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import WaybillStatus
from waybill.services.event_views import waybill_time_line
from waybill.services.offline.queries import records_of_waybill
from waybill.services.paging import PageRequest
from waybill.services.waybills.cancelling import cancel_waybill
from waybill.services.waybills.queries import (
    StoredVerdict,
    Waybill,
    WaybillFilter,
    get_waybill,
    list_waybills,
)
from waybill.storage.personal import PersonalVault

blueprint = Blueprint("waybill_pages", __name__, url_prefix="/waybills")


@blueprint.get("")
@requires(Permission.READ_WAYBILL)
def index() -> ResponseReturnValue:
    """List waybills, newest first."""
    reader = FormReader(form=request.args)
    status = reader.optional_choice("status", WaybillStatus)
    after = reader.identity("after")
    reader.settle()
    query, attention = reader.text("q"), reader.text("attention") == "1"
    wanted = replace(_wanted(query, status), attention=attention)
    with reading() as session:
        page = list_waybills(session, actor(), wanted, PageRequest(after=after))
    return render_template(
        "waybills/index.html",
        waybills=page.items,
        next_after=page.next_after,
        q=query,
        status=status,
        statuses=tuple(WaybillStatus),
        attention=attention,
    )


def _wanted(query: str, status: WaybillStatus | None) -> WaybillFilter:
    """Take what was typed as a plate if it is one, else as a waybill number."""
    try:
        return WaybillFilter(status=status, plate=parse_plate(query).number)
    except IdentifierError:
        return WaybillFilter(status=status, number=query.upper())


@blueprint.get("/<uuid:waybill_id>")
@requires(Permission.READ_WAYBILL)
def show(waybill_id: UUID) -> ResponseReturnValue:
    """Show a waybill; a draft is shown as the form it is written in."""
    return _waybill(waybill_id)


@blueprint.post("/<uuid:waybill_id>/cancel")
@requires(Permission.CANCEL_WAYBILL)
def cancel(waybill_id: UUID) -> ResponseReturnValue:
    """Cancel a waybill, with the reason."""

    def act() -> str:
        reader = FormReader(form=request.form)
        with transaction() as session:
            cancel_waybill(
                session,
                actor(),
                waybill_id,
                reason=reader.text("reason"),
                expected_version=reader.whole("version") or 0,
                clock=runtime().clock,
            )
        return url_for(".show", waybill_id=waybill_id, done="cancelled")

    return submit(act, lambda messages: str(_waybill(waybill_id, messages)))


def _waybill(
    waybill_id: UUID, messages: Mapping[str, str] | None = None
) -> str | ResponseReturnValue:
    who = actor()
    with reading() as session:
        waybill = get_waybill(session, who, waybill_id)
        if waybill.content is None:
            return redirect(url_for("issue.edit", waybill_id=waybill_id))
        happened = waybill_time_line(session, who, waybill_id)
        record = _record(waybill)
        records = records_of_waybill(session, waybill_id)
        crew = _crew(session, waybill.content, runtime().vault)
    own = waybill.summary.carrier_id == who.organisation_id
    return render_template(
        "waybills/show.html",
        waybill=waybill,
        summary=waybill.summary,
        content=waybill.content,
        lines=_lines(waybill.content),
        revision=waybill.revisions[-1],
        qr=Markup(qr_svg(waybill.revisions[-1].qr_text)),  # noqa: S704  our own SVG of digits
        happened=happened,
        records=shown_records(records),
        record=record,
        crew=crew,
        pre_clearance=pre_clearance(waybill),
        verdicts=[
            (
                verdict,
                verdict_state(verdict.findings, clears=verdict.clears),
                findings_shown(f for f in verdict.findings if f.stands),
            )
            for verdict in reversed(waybill.verdicts)
        ],
        own=own,
        cancellable=own
        and Permission.CANCEL_WAYBILL in who.permissions
        and waybill.summary.status in (WaybillStatus.ISSUED, WaybillStatus.CLEARED),
        messages=messages or {},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PreClearance:
    """How an issued waybill was last judged since; `added` stands now and did not at issue."""

    verdict: StoredVerdict
    state: str
    added: Sequence[Mapping[str, JsonValue]]


def pre_clearance(waybill: Waybill) -> PreClearance | None:
    """Return the newest verdict ahead of loading of a waybill that still waits to be loaded."""
    issue = [v for v in waybill.verdicts if v.phase is Phase.ISSUE]
    since = [v for v in waybill.verdicts if v.phase is Phase.DAY_BEFORE]
    if waybill.summary.status is not WaybillStatus.ISSUED or not (issue and since):
        return None
    accepted = {(f.code, f.reason) for f in issue[-1].findings if f.stands}
    added = [f for f in since[-1].findings if f.stands and (f.code, f.reason) not in accepted]
    return PreClearance(
        verdict=since[-1],
        state=verdict_state(since[-1].findings, clears=since[-1].clears),
        added=findings_shown(added),
    )


def _lines(content: WaybillContent) -> list[tuple[GoodsItem, str, str]]:
    """Return the goods lines, each with its description in Chinese and in English."""
    goods_list = load(content.list_edition)
    tank_kind = content.tank.kind if content.tank else None
    found = []
    for item in content.goods:
        goods = describe_item(item, goods_list.get(item.entry_key), tank_kind)
        found.append((item, description_zh(goods), description_en(goods)))
    return found


def _record(waybill: Waybill) -> LoadingRecord | None:
    if waybill.loading_record is None:
        return None
    return parse_loading_record(waybill.loading_record)


def _crew(session: Session, content: WaybillContent, vault: PersonalVault) -> Mapping[str, str]:
    """Return the masked names of driver and escort by reference."""
    members = (content.driver, content.escort)
    opened = vault.open(session, tuple(member.name for member in members if member.name))
    return {
        member.reference: opened[member.name][1][:1] + "**"
        for member in members
        if member.name in opened
    }
