"""The files of an export: rows as CSV, NDJSON and XLSX, written one by one in flat memory."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

import xlsxwriter

from waybill.clock import SHANGHAI
from waybill.codec import JsonValue, b64url_encode, canonical_json, parse_json, sha256
from waybill.services.desk.exports import ExportFormat
from waybill.services.event_search import MAX_BODY_BYTES
from waybill.storage.events import Subject, SubjectKey

COLUMNS: Final = (
    "log_index",
    "event_id",
    "recorded_at",
    "local_time",
    "kind",
    "actor_role",
    "actor_user",
    "actor_organisation",
    "outcome",
    "waybill",
    "plates",
    "organisations",
    "facility",
    "bay",
    "un_numbers",
    "rules",
    "other_subjects",
    "commitment",
    "salt",
    "body",
)
"""What a row of CSV and XLSX has. `commitment` is SHA-256(salt ‖ body), as the log commits to."""
NAMED: Final[Mapping[SubjectKey, str]] = {
    SubjectKey.OUTCOME: "outcome",
    SubjectKey.WAYBILL: "waybill",
    SubjectKey.PLATE: "plates",
    SubjectKey.ORGANISATION: "organisations",
    SubjectKey.FACILITY: "facility",
    SubjectKey.BAY: "bay",
    SubjectKey.UN_NUMBER: "un_numbers",
    SubjectKey.RULE: "rules",
}
"""Kinds of subject that have a column of their own."""
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""How a cell begins that a spreadsheet would take for a formula."""
BYTE_ORDER_MARK: Final = "utf-8-sig"
"""Without it Excel reads Chinese in a CSV file by the machine's own code page."""
SHEET_ROWS: Final = 1_000_000
CELL_CHARACTERS: Final = 32_767
TOO_LONG: Final = "(too long for a cell: see NDJSON)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedEvent:
    """An event with what it is found by, and its place in the log, `None` while it has none."""

    id: UUID
    recorded_at: datetime
    kind: str
    body: bytes
    salt: bytes
    subjects: Sequence[Subject]
    index: int | None


class Writer(Protocol):
    """Writes rows to one file; `close` ends it."""

    def write(self, event: ExportedEvent) -> None:
        """Write one event."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


class NdjsonWriter:
    """One JSON object a line. `body` is the exact text that the log's entry commits to."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, event: ExportedEvent) -> None:
        """Write one event."""
        line: dict[str, JsonValue] = {
            "index": event.index,
            "id": str(event.id),
            "recorded_at": _utc(event),
            "kind": event.kind,
            "subjects": [[s.kind.value, s.key] for s in event.subjects],
            "salt": b64url_encode(event.salt),
            "body": event.body.decode(),
        }
        self._file.write(canonical_json(line) + b"\n")

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class CsvWriter:
    """Comma-separated, with a heading; no cell is taken for a formula."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding=BYTE_ORDER_MARK, newline="")
        self._csv = csv.writer(self._file)
        self._csv.writerow(COLUMNS)

    def write(self, event: ExportedEvent) -> None:
        """Write one event."""
        self._csv.writerow([harmless(cell) for cell in cells(event)])

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class XlsxWriter:
    """A workbook whose cells are all text, with a sheet for every million rows."""

    def __init__(self, path: Path) -> None:
        # Rows go to disk as they come; the folder is the export's own, so that nothing is left.
        self._book = xlsxwriter.Workbook(
            path, {"constant_memory": True, "in_memory": False, "tmpdir": str(path.parent)}
        )
        self._rows = 0
        self._begin_sheet()

    def write(self, event: ExportedEvent) -> None:
        """Write one event."""
        if self._rows > SHEET_ROWS:
            self._begin_sheet()
        self._row(cells(event))

    def close(self) -> None:
        """Finish the file."""
        self._book.close()

    def _begin_sheet(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._rows = 0
        self._row(COLUMNS)

    def _row(self, texts: Sequence[str]) -> None:
        for column, text in enumerate(texts):
            if text:
                shown = text if len(text) <= CELL_CHARACTERS else TOO_LONG
                self._sheet.write_string(self._rows, column, shown)
        self._rows += 1


WRITERS: Final[Mapping[ExportFormat, type[CsvWriter | NdjsonWriter | XlsxWriter]]] = {
    ExportFormat.CSV: CsvWriter,
    ExportFormat.NDJSON: NdjsonWriter,
    ExportFormat.XLSX: XlsxWriter,
}


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows and never computes: an apostrophe goes before it."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def cells(event: ExportedEvent) -> tuple[str, ...]:
    """Return a row as text, in the order of `COLUMNS`."""
    body = parse_json(event.body, max_bytes=MAX_BODY_BYTES)
    found = body.get("actor") if isinstance(body, Mapping) else None
    actor = found if isinstance(found, Mapping) else {}
    named: dict[str, list[str]] = {}
    for subject in event.subjects:
        name = NAMED.get(subject.kind)
        text = subject.key if name else f"{subject.kind.value}:{subject.key}"
        named.setdefault(name or "other_subjects", []).append(text)
    values = {
        "log_index": "" if event.index is None else str(event.index),
        "event_id": str(event.id),
        "recorded_at": _utc(event),
        "local_time": f"{event.recorded_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
        "kind": event.kind,
        "actor_role": str(actor.get("role", "")),
        "actor_user": str(actor.get("user", "")),
        "actor_organisation": str(actor.get("organisation", "")),
        "commitment": sha256(event.salt + event.body).hex(),
        "salt": event.salt.hex(),
        "body": event.body.decode(),
    } | {name: " ".join(texts) for name, texts in named.items()}
    return tuple(values.get(column, "") for column in COLUMNS)


def _utc(event: ExportedEvent) -> str:
    moment = event.recorded_at.astimezone(UTC).replace(tzinfo=None)
    return f"{moment.isoformat(timespec='milliseconds')}Z"
