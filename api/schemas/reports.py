"""Reports and daily totals: what is asked for, how far it is, and what was signed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError, post_load

from api.fields import Choice, Code, Identity, Instant, Json, LocalDate, StrictInteger, Text, fault
from api.schemas import Form
from waybill.codec import b64url_encode, parse_json
from waybill.services.reports.orders import Report
from waybill.services.reports.stated import MAX_REPORT_BYTES
from waybill.services.reports.totals import MOST_DAYS, DailyTotal
from waybill.storage.reports import OrderStatus

DIGEST = "[0-9a-f]{64}"
MOST_ENTRIES = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days in Asia/Shanghai, both in."""

    from_on: date
    until_on: date


class ReportWishSchema(Form):
    """Of which days (Asia/Shanghai, both in) a report is wanted."""

    from_on = LocalDate(data_key="from", required=True)
    until_on = LocalDate(data_key="until", required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Days:
        """Return the value object."""
        return Days(**data)


class ReportOrderSchema(Form):
    """A report that was asked for, and how far it is."""

    id = Identity(required=True)
    ordered_at = Instant(required=True)
    from_on = LocalDate(data_key="from", required=True)
    until_on = LocalDate(data_key="until", required=True)
    status = Choice(OrderStatus, required=True)
    sections_done = StrictInteger(least=0, most=99, required=True)
    sections = StrictInteger(least=1, most=99, required=True)
    report_id = Identity(required=True, allow_none=True, description="The report, once made.")


class ReportEntrySchema(Form):
    """A report in a list."""

    id = Identity(required=True)
    made_at = Instant(required=True)
    from_on = LocalDate(data_key="from", required=True)
    until_on = LocalDate(data_key="until", required=True)
    size = StrictInteger(
        least=0, most=MOST_ENTRIES, required=True, description="Entries of the log it speaks of."
    )
    digest = Code(DIGEST, required=True, description="SHA-256 of its canonical bytes.")


class ReportSchema(ReportEntrySchema):
    """A report whole: what it says, and the signature over its canonical bytes."""

    document = Json(required=True, description="What it says; see docs/formats/reports.md.")
    document_jws = Text(required=True, description="Detached JWS: `header..signature`.")
    compact_jws = Text(required=True, description="The same with the signed bytes in it.")
    kid = Text(required=True)
    event_id = Identity(required=True)


class TotalsQuerySchema(Form):
    """Which days are wanted, both in; at most 366."""

    from_on = LocalDate(data_key="from", required=True)
    until_on = LocalDate(data_key="to", required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Days:
        """Return the value object."""
        if not 0 <= (data["until_on"] - data["from_on"]).days < MOST_DAYS:
            words = fault(
                "period", "应为先后两日，最多366天。", "Two days in order, at most 366 days."
            ).messages
            raise ValidationError({"to": words})
        return Days(**data)


class DailyTotalSchema(Form):
    """A closed day: what its entries of the log come to, signed."""

    day = LocalDate(required=True)
    closed_at = Instant(required=True)
    size = StrictInteger(least=0, most=MOST_ENTRIES, required=True)
    digest = Code(DIGEST, required=True)
    document = Json(required=True, description="What it says; see docs/formats/reports.md.")
    document_jws = Text(required=True, description="Detached JWS: `header..signature`.")
    compact_jws = Text(required=True, description="The same with the signed bytes in it.")


def report_answer(report: Report) -> dict[str, object]:
    """Return a report as an answer shows it."""
    names = ("id", "made_at", "from_on", "until_on", "size", "digest", "kid", "event_id")
    return {name: getattr(report, name) for name in names} | signed(
        report.content, report.document_jws
    )


def total_answer(total: DailyTotal) -> dict[str, object]:
    """Return a closed day as an answer shows it."""
    names = ("day", "closed_at", "size", "digest")
    return {name: getattr(total, name) for name in names} | signed(
        total.content, total.document_jws
    )


def signed(content: bytes, document_jws: str) -> dict[str, object]:
    """Return what signed bytes say, and their signature with and without them."""
    return {
        "document": parse_json(content, max_bytes=MAX_REPORT_BYTES),
        "document_jws": document_jws,
        "compact_jws": compact_jws(content, document_jws),
    }


def compact_jws(content: bytes, document_jws: str) -> str:
    """Return a detached signature with its bytes put in, as any JOSE library reads it."""
    header, _, signature = document_jws.split(".")
    return f"{header}.{b64url_encode(content)}.{signature}"
