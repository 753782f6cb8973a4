"""What a process tells of itself, line by line: for people or for machines, never of persons.

A line belongs to a request or to a turn of a job by its id, which every module below finds here.
Of an error of the database only its kind and its place are written: its message may hold values
of a statement.
"""

import json
import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, TypeAlias

from typing_extensions import override  # typing's own needs Python 3.12

TEXT_FORMAT: Final = "%(asctime)s %(name)s %(message)s"
TOLD: Final = "told"
"""Attribute of a record (`extra={"told": {...}}`): members of its line beside the message."""
SILENT_ABOUT: Final = ("sqlalchemy", "psycopg", "sqlite3")
"""Packages whose errors repeat what they were given."""

CONTROLS: Final = {
    code: f"\\u{code:04x}" for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
}
"""What ends a line or moves a terminal's pen, and how it is written instead."""

ErrorInfo: TypeAlias = (
    "tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]"
)

_REQUEST_ID: Final[ContextVar[str]] = ContextVar("request_id", default="")


def begin_request(request_id: str) -> None:
    """Let every line of this context, from now on, belong to a request."""
    _REQUEST_ID.set(request_id)


@contextmanager
def within(request_id: str) -> Iterator[None]:
    """Let every line of a block belong to a turn of a job."""
    token = _REQUEST_ID.set(request_id)
    try:
        yield
    finally:
        _REQUEST_ID.reset(token)


class TextFormatter(logging.Formatter):
    """One line for people; what came from outside can neither begin another nor paint over it."""

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return a record's line without its traceback."""
        return _plain(super().formatMessage(record))

    @override
    def formatException(self, ei: ErrorInfo) -> str:
        """Return the traceback of an error and of what caused it, oldest first."""
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            lines[:0] = [*traceback.format_tb(error.__traceback__), _in_a_line(error)]
            error = error.__cause__ or error.__context__
        return "".join(lines).rstrip()


class JsonFormatter(TextFormatter):
    """One JSON object a line: `at`, `level`, `logger`, `message`, and what else is known."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return a record's line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := _REQUEST_ID.get():
            line["request_id"] = request_id
        told = getattr(record, TOLD, None)
        if isinstance(told, Mapping):
            line |= told
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def formatter(style: str) -> logging.Formatter:
    """Return the formatter of a style: `json`, or `text`."""
    return JsonFormatter() if style == "json" else TextFormatter(TEXT_FORMAT)


def keep_journal(style: str) -> None:
    """Write the journal of this process to standard error, unless somebody keeps it already."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(style))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # It tells of each of its parts that it was loaded.
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)


def _in_a_line(error: BaseException) -> str:
    kind = type(error)
    silent = kind.__module__.partition(".")[0] in SILENT_ABOUT
    said = "(left out)" if silent else _plain(str(error))
    return f"{kind.__module__}.{kind.__qualname__}: {said}\n"


def _plain(text: str) -> str:
    return text.translate(CONTROLS)
