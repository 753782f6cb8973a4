"""After loading: the loading record (装货记录) and the release (放行)."""

import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import UNSET
from werkzeug.datastructures import MultiDict

from api.auth import actor, requires
from api.page_forms import FormReader
from api.pages.bay_answers import hand_over_of, keep_answers
from api.pages.layout import key_ring, submit
from api.pages.showing import moment
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.rules.evidence import LoadedLine, LoadingItem
from waybill.services.checks.parts import parts_by_position
from waybill.services.checks.queries import CheckView, get_check
from waybill.services.checks.releasing import release_load
from waybill.services.waybills.queries import Waybill, get_waybill

_BETWEEN_SEALS: Final = re.compile(r"[\s,，;；、]+")

blueprint = Blueprint("bay_release", __name__, url_prefix="/bay/checks/<uuid:check_id>/release")


@blueprint.get("")
@requires(Permission.RELEASE_LOAD)
def form(check_id: UUID) -> ResponseReturnValue:
    """Ask what was loaded; the times are proposed, the quantities never."""
    view, waybill = _read(check_id)
    now = runtime().clock.now()
    values: MultiDict[str, str] = MultiDict(
        {
            "started_at": moment(waybill.cleared_at or now),
            "finished_at": moment(now),
        }
    )
    return _form(view, waybill, values, {})


@blueprint.post("")
@requires(Permission.RELEASE_LOAD)
def release(check_id: UUID) -> ResponseReturnValue:
    """Judge what was loaded, and sign the loading record if nothing stops it."""
    view, waybill = _read(check_id)

    def act() -> str:
        loading = _loading(FormReader(form=request.form), view)
        keep_answers(check_id, request.form)
        with transaction() as session:
            release_load(
                session, actor(), check_id, loading, keys=key_ring(), clock=runtime().clock
            )
        return url_for("bay_check.verdict", check_id=check_id)

    return submit(act, lambda messages: _form(view, waybill, request.form, messages))


def _loading(reader: FormReader, view: CheckView) -> LoadingItem:
    lines = tuple(
        LoadedLine(
            position=goods.position,
            quantity_kg=reader.needed_number(f"lines-{goods.position}-quantity_kg"),
            quantity_l=reader.number(f"lines-{goods.position}-quantity_l"),
            short_reason=reader.text(f"lines-{goods.position}-short_reason") or UNSET,
        )
        for goods in view.facts.goods
        if goods.position in _out(view)
    )
    loading = LoadingItem(
        lines=lines,
        started_at=reader.needed_moment("started_at"),
        finished_at=reader.needed_moment("finished_at"),
        at=runtime().clock.now(),
        gross_mass_kg=reader.number("gross_mass_kg"),
        seals=tuple(filter(None, _BETWEEN_SEALS.split(reader.text("seals")))),
        no_seal_reason=reader.text("no_seal_reason"),
    )
    reader.settle()
    return loading


def _out(view: CheckView) -> tuple[int, ...]:
    """Return the lines of which no part is recorded at a bay yet."""
    recorded = parts_by_position(view.items)
    return tuple(goods.position for goods in view.facts.goods if goods.position not in recorded)


def _read(check_id: UUID) -> tuple[CheckView, Waybill]:
    with reading() as session:
        view = get_check(session, actor(), check_id, keys=key_ring(), clock=runtime().clock)
        return view, get_waybill(session, actor(), view.summary.waybill_id)


def _form(
    view: CheckView, waybill: Waybill, values: "MultiDict[str, str]", messages: Mapping[str, str]
) -> str:
    return render_template(
        "bay/release.html",
        view=view,
        out=_out(view),
        waybill=waybill,
        values=values,
        messages=messages,
        hand_over=hand_over_of(view, actor()),
    )
