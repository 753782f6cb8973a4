"""The statistics: plots of what the log tells, and the rows behind each figure."""

from datetime import date, timedelta
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from api.auth import actor, requires
from api.desk import desk_reading
from api.language import language
from api.page_forms import FormReader, Words, messages_of
from api.pages.statistics_links import Period, rows_query
from api.pages.statistics_plots import MOST_BARS, PLOTS, Asked, Plot
from api.rendering.plots import FILLINGS, LabelledBar, bars_svg
from api.runtime import runtime
from api.transactions import transaction
from api.wording import t, term
from waybill.clock import local_date
from waybill.errors import InvalidFieldError, NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import CertificateKind, OrganisationRole
from waybill.services.paging import MAX_PAGE_ITEMS, PageRequest
from waybill.services.registry.organisations import list_directory
from waybill.services.statistics.dimensions import Where
from waybill.services.statistics.expiring import BANDS, count_expiring, list_expiring
from waybill.services.statistics.listing import list_counted
from waybill.services.statistics.projecting import tallied_size
from waybill.storage.tally import TallyAct, TallyOutcome

USUAL_DAYS: Final = 30
MOST_DAYS: Final = 1100
"""Three years: as long as waybills are kept."""
ROWS: Final = 100
BACKWARDS: Final[Words] = (
    "period",
    "结束日期不得早于开始日期，最长 3 年。",
    "The last day must not be before the first; three years at most.",
)
NEXT_BANDS: Final = (0, 1)
FLAGS: Final = {"true": True, "false": False}

blueprint = Blueprint("statistics_pages", __name__, url_prefix="/statistics")


@blueprint.get("")
@requires(Permission.READ_STATISTICS)
def index() -> ResponseReturnValue:
    """Show the plots of a period."""
    reader = FormReader(form=request.args)
    messages: dict[str, str] = {}
    today = local_date(runtime().clock.now())
    period = _period(reader, today)
    where = Where(
        facility_id=reader.identity("facility"), carrier_id=reader.identity("organisation")
    )
    try:
        reader.settle()
    except InvalidFieldError as error:
        messages = dict(messages_of(error.problems, language()))
    with desk_reading() as session:
        asked = Asked(session=session, period=period, where=where, size=tallied_size(session))
        plots = [] if messages else [plot(asked) for plot in PLOTS]
        if not messages:
            plots.append(_expiring(session, actor(), today))
        carriers, facilities = _choices(session, actor())
    return render_template(
        "statistics/index.html",
        plots=plots,
        fillings=Markup(FILLINGS),  # noqa: S704  ours
        size=asked.size,
        period=period,
        messages=messages,
        values=request.args,
        carriers=carriers,
        facilities=facilities,
    )


@blueprint.get("/rows")
@requires(Permission.READ_STATISTICS)
def rows() -> ResponseReturnValue:
    """List the events that a figure counts; the look is itself an entry of the log."""
    reader = FormReader(form=request.args)
    period = _period(reader, local_date(runtime().clock.now()))
    where = _where(reader)
    before = reader.whole("before")
    reader.settle()
    with transaction() as session, desk_reading(size=before) as source:
        found = list_counted(
            session,
            actor(),
            from_at=period.from_at,
            to_at=period.to_at,
            where=where,
            before=before,
            limit=ROWS,
            source=source,
            clock=runtime().clock,
        )
    query = rows_query(period, where)
    more = url_for("statistics_pages.rows", **query, before=found.next_before)
    return render_template(
        "statistics/rows.html",
        found=found,
        period=period,
        where=where,
        more=more if found.next_before is not None else "",
    )


@blueprint.get("/expiring/<kind>/<int:band>")
@requires(Permission.READ_STATISTICS)
def expiring(kind: str, band: int) -> ResponseReturnValue:
    """List the certificates of a kind that end in a band of days."""
    if kind not in set(CertificateKind) or band >= len(BANDS):
        raise NotFoundError("certificate-kind", kind)
    today = local_date(runtime().clock.now())
    with desk_reading() as session:
        found = list_expiring(session, actor(), CertificateKind(kind), band, today=today)
    return render_template(
        "statistics/expiring.html",
        found=found,
        kind=CertificateKind(kind),
        band=band_words(band),
    )


def band_words(band: int) -> str:
    """Return what a band of days is called."""
    first, last = BANDS[band]
    if last < 0:
        return t("statistics.ended", days=-first)
    return t("statistics.ending", first=first, last=last)


def _period(reader: FormReader, today: date) -> Period:
    last = reader.day("to") or today
    first = reader.day("from") or last - timedelta(days=USUAL_DAYS - 1)
    if not timedelta(0) <= last - first <= timedelta(days=MOST_DAYS):
        reader.complain("from", BACKWARDS)
        return Period(first=last, last=last)
    return Period(first=first, last=last)


def _where(reader: FormReader) -> Where:
    outcomes = reader.text("outcome").split(",")
    return Where(
        act=reader.optional_choice("act", TallyAct),
        outcomes=tuple(o for o in TallyOutcome if o.value in outcomes),
        facility_id=reader.identity("facility"),
        carrier_id=reader.identity("organisation"),
        rule=reader.text("rule"),
        offline=FLAGS.get(reader.text("offline")),
        issued_after_loading=FLAGS.get(reader.text("late")),
        hour=reader.whole("hour"),
        least_s=reader.whole("least_s"),
        under_s=reader.whole("under_s"),
    )


def _expiring(session: Session, who: Actor, today: date) -> Plot:
    """Draw which papers ended or end within a month; the table has the later months too."""
    found = count_expiring(session, who, today=today)
    soon = [
        LabelledBar(
            label=f"{term(row.kind)} · {band_words(band)}",
            value=row.counts[band],
            said=f"{term(row.kind)} {band_words(band)} {row.counts[band]}",
            href=url_for("statistics_pages.expiring", kind=row.kind.value, band=band),
        )
        for band in NEXT_BANDS
        for row in found
        if row.counts[band]
    ]
    return Plot(
        key="expiring",
        svg=Markup(bars_svg(soon[:MOST_BARS], t("statistics.expiring"), series=2)),  # noqa: S704  escaped where made
        head=(t("field.certificate_kind"), *map(band_words, range(len(BANDS)))),
        rows=tuple(
            (
                (term(row.kind), ""),
                *(
                    (
                        f"{many:,}",
                        url_for("statistics_pages.expiring", kind=row.kind.value, band=band)
                        if many
                        else "",
                    )
                    for band, many in enumerate(row.counts)
                ),
            )
            for row in found
        ),
        note=t("statistics.expiring_note"),
    )


def _choices(session: Session, who: Actor) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return carriers and facilities to choose from, as pairs of id and name."""
    every = PageRequest(limit=MAX_PAGE_ITEMS)
    carriers = list_directory(session, who, role=OrganisationRole.CARRIER, page=every).items
    loaders = list_directory(session, who, role=OrganisationRole.LOADER, page=every).items
    return (
        [(str(entry.id), entry.name) for entry in carriers],
        [
            (str(facility.id), f"{entry.name} · {facility.name}")
            for entry in loaders
            for facility in entry.facilities
        ],
    )
