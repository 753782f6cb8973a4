"""The journal: one object a line, with the request it belongs to, and no value of anybody."""

import json
import logging
import sqlite3
import sys

from waybill.journal import TOLD, JsonFormatter, TextFormatter, begin_request, keep_journal, within


def record(message: str = "a line", **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("waybill.test", logging.WARNING, "", 1, message, (), None)
    made.created = 1_795_500_000.25
    made.__dict__.update(extra)
    return made


def failed(error: Exception, cause: Exception | None = None) -> logging.LogRecord:
    made = record()
    try:
        raise error from cause
    except type(error):
        made.exc_info = sys.exc_info()
    return made


def test_a_line_is_one_object_with_the_request_it_belongs_to() -> None:
    with within("statistics-1a2b"):
        line = JsonFormatter().format(record("下一行\nforged", **{TOLD: {"took_ms": 7}}))

    assert "\n" not in line
    assert json.loads(line) == {
        "at": "2026-11-24T06:00:00.250+00:00",
        "level": "WARNING",
        "logger": "waybill.test",
        "message": "下一行\nforged",
        "request_id": "statistics-1a2b",
        "took_ms": 7,
    }


def test_a_line_for_people_is_one_line_too() -> None:
    forged = "no\r\n2026 waybill.api all is well\x1b[2K\u2028end"

    told = TextFormatter("%(name)s %(message)s").format(record(forged))
    raised = TextFormatter("%(message)s").format(failed(LookupError(forged)))

    assert told == "waybill.test no\\u000d\\u000a2026 waybill.api all is well\\u001b[2K\\u2028end"
    assert "\x1b" not in raised
    assert "\n2026" not in raised


def test_a_line_outside_of_any_request_names_none() -> None:
    begin_request("")

    assert "request_id" not in json.loads(JsonFormatter().format(record()))


def test_of_an_error_of_the_database_only_kind_and_place_are_written() -> None:
    cause = sqlite3.IntegrityError("UNIQUE: 张建国")
    written = [
        JsonFormatter().format(failed(LookupError("no such waybill"), cause)),
        TextFormatter("%(message)s").format(failed(cause)),
    ]

    assert json.loads(written[0])["error"] == "LookupError"
    assert all("sqlite3.IntegrityError: (left out)" in line for line in written)
    assert "builtins.LookupError: no such waybill" in written[0]
    assert "test_journal.py" in written[0]
    assert "张建国" not in "".join(written)


def test_the_journal_is_kept_in_the_style_that_was_asked_for() -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        root.handlers.clear()
        keep_journal("json")
        styles = [type(handler.formatter) for handler in root.handlers]
        root.handlers.clear()
        keep_journal("text")
        styles += [type(handler.formatter) for handler in root.handlers]
    finally:
        root.handlers[:] = before
        root.setLevel(level)

    assert styles == [JsonFormatter, TextFormatter]
