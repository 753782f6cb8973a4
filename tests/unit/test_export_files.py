"""The files of an export: right and harmless in Excel, exact where they are to be checked."""

import csv
import json
import zipfile
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest

from waybill.codec import b64url_decode, canonical_json, sha256
from waybill.services.desk import export_files
from waybill.services.desk.export_files import (
    COLUMNS,
    CsvWriter,
    ExportedEvent,
    NdjsonWriter,
    XlsxWriter,
    harmless,
)
from waybill.storage.events import Subject, SubjectKey

SALT = bytes(range(32))
BODY = canonical_json(
    {
        "v": 1,
        "kind": "check-decided",
        "actor": {"user": "u", "organisation": "o", "role": "loader"},
        "data": {"note": "罐体\n=1+1"},
    }
)
EVENT_ID = UUID("019ab000-0000-7000-8000-000000000001")


def exported(*subjects: Subject, index: int | None = 41) -> ExportedEvent:
    """Return an event about some things."""
    return ExportedEvent(
        id=EVENT_ID,
        recorded_at=datetime(2026, 11, 22, 6, 5, 0, 250_000, tzinfo=UTC),
        kind="check-decided",
        body=BODY,
        salt=SALT,
        subjects=subjects,
        index=index,
    )


SUBJECTS = (
    Subject(SubjectKey.PLATE, "苏H12345/yellow"),
    Subject(SubjectKey.PLATE, "苏H1234挂/yellow"),
    Subject(SubjectKey.UN_NUMBER, "1203"),
    Subject(SubjectKey.OUTCOME, "refused"),
    Subject(SubjectKey.CHECK, "c1"),
)


def written(tmp_path: Path, kind: type[CsvWriter | NdjsonWriter | XlsxWriter]) -> Path:
    path = tmp_path / "events"
    writer = kind(path)
    writer.write(exported(*SUBJECTS))
    writer.close()
    return path


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "|", "%"])
def test_what_a_spreadsheet_would_compute_is_made_text(begin: str) -> None:
    assert harmless(f"{begin}cmd|' /C calc'!A0") == f"'{begin}cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["", "苏H12345", "1203", "{}", "a=b"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_csv_begins_so_that_excel_reads_chinese_and_has_every_column(tmp_path: Path) -> None:
    content = written(tmp_path, CsvWriter).read_bytes()

    assert content.startswith(b"\xef\xbb\xbf")
    heading, row = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    assert tuple(heading) == COLUMNS
    assert dict(zip(heading, row, strict=True)) == {
        "log_index": "41",
        "event_id": str(EVENT_ID),
        "recorded_at": "2026-11-22T06:05:00.250Z",
        "local_time": "2026-11-22 14:05:00",
        "kind": "check-decided",
        "actor_role": "loader",
        "actor_user": "u",
        "actor_organisation": "o",
        "outcome": "refused",
        "waybill": "",
        "plates": "苏H12345/yellow 苏H1234挂/yellow",
        "organisations": "",
        "facility": "",
        "bay": "",
        "un_numbers": "1203",
        "rules": "",
        "other_subjects": "check:c1",
        "commitment": sha256(SALT + BODY).hex(),
        "salt": SALT.hex(),
        "body": BODY.decode(),
    }


def test_ndjson_holds_what_the_leaf_is_recomputed_from(tmp_path: Path) -> None:
    (line,) = written(tmp_path, NdjsonWriter).read_text(encoding="utf-8").splitlines()

    found = json.loads(line)
    assert (found["index"], found["id"]) == (41, str(EVENT_ID))
    assert (b64url_decode(found["salt"]), found["body"].encode()) == (SALT, BODY)
    assert found["subjects"][0] == ["plate", "苏H12345/yellow"]


def test_an_event_that_is_not_in_the_tree_yet_has_no_index(tmp_path: Path) -> None:
    writer = NdjsonWriter(tmp_path / "events")
    writer.write(exported(index=None))
    writer.close()

    assert json.loads((tmp_path / "events").read_text(encoding="utf-8"))["index"] is None


def test_a_workbook_holds_text_only_and_begins_a_sheet_when_one_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_files, "SHEET_ROWS", 2)
    writer = XlsxWriter(tmp_path / "events.xlsx")
    for _ in range(5):
        writer.write(exported(*SUBJECTS))
    writer.close()

    with zipfile.ZipFile(tmp_path / "events.xlsx") as book:
        sheets = [n for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
        texts = [book.read(name).decode() for name in sorted(sheets)]
    assert [text.count("<row ") for text in texts] == [3, 3, 2]
    assert all("<f>" not in text for text in texts)
    assert "苏H12345/yellow" in texts[0]


def test_a_body_too_long_for_a_cell_is_not_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_files, "CELL_CHARACTERS", 100)
    path = tmp_path / "events.xlsx"
    writer = XlsxWriter(path)
    writer.write(exported())
    writer.close()

    with zipfile.ZipFile(path) as book:
        assert "too long for a cell" in book.read("xl/worksheets/sheet1.xml").decode()
