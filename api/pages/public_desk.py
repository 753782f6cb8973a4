"""What the public can tell the authority, and read of it: a report, and the black list."""

import re
from collections.abc import Mapping
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.auth import public
from api.page_forms import FormReader
from api.pages.layout import submit
from api.reports import take_report
from api.runtime import runtime
from api.transactions import reading
from waybill.clock import local_date
from waybill.errors import NotFoundError
from waybill.registry.cases import CaseMatter, PublicReport
from waybill.registry.kinds import PlateColour
from waybill.services.measures.queries import published_black_list

_CASE_NUMBER: Final = re.compile("C-[0-9]{4}-[0-9]{6}")

blueprint = Blueprint("public_desk", __name__)


@blueprint.get("/public-report")
@public("anybody may say what they saw")
def ask() -> ResponseReturnValue:
    """Ask what was seen, where and when, and say what becomes of it."""
    return _form({})


@blueprint.post("/public-report")
@public("anybody may say what they saw; counted against the address")
def send() -> ResponseReturnValue:
    """Keep a report and name the number under which it is kept."""

    def act() -> str:
        reader = FormReader(form=request.form)
        report = PublicReport(
            matter=reader.choice("matter", CaseMatter),
            text=reader.text("text", required=True),
            place=reader.text("place", required=True),
            seen_at=reader.needed_moment("seen_at"),
            plate=reader.text("plate"),
            plate_colour=reader.optional_choice("plate_colour", PlateColour),
            contact=reader.text("contact"),
        )
        reader.settle()
        return url_for(".received", number=take_report(report))

    return submit(act, _form)


@blueprint.get("/public-report/<number>")
@public("whoever reported reads the number of it")
def received(number: str) -> ResponseReturnValue:
    """Name the number of a report; nothing of the case is told."""
    if not _CASE_NUMBER.fullmatch(number):
        raise NotFoundError("report", number)
    return render_template("public/report_received.html", number=number)


@blueprint.get("/blacklist")
@public("the published black list is for everybody")
def black_list() -> ResponseReturnValue:
    """Show the published entries that bar now, with the moment of reading; never a person."""
    now = runtime().clock.now()
    with reading() as session:
        entries = published_black_list(session, on=local_date(now))
    return render_template("public/black_list.html", entries=entries, read_at=now)


def _form(messages: Mapping[str, str]) -> str:
    return render_template(
        "public/report.html",
        messages=messages,
        values=request.form,
        matters=tuple(CaseMatter),
        colours=tuple(PlateColour),
    )
