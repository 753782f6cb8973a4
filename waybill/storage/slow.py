"""The journal of slow statements: what was asked and how long it took, never with which values."""

import logging
import time
from typing import Any, Final

from sqlalchemy import Engine, event

from waybill.journal import TOLD

LOGGER: Final = logging.getLogger("waybill.sql")
MAX_STATEMENT_CHARACTERS: Final = 600
_BEGUN: Final = "waybill_begun_s"


def watch_statements(engine: Engine, slow_ms: int) -> None:
    """Write every statement that takes `slow_ms` milliseconds or longer to the journal; 0: none."""
    if not slow_ms:
        return

    def begin(connection: Any, *_: object) -> None:  # noqa: ANN401  SQLAlchemy's connection
        connection.info[_BEGUN] = time.perf_counter()

    def end(connection: Any, _: object, statement: str, *__: object) -> None:  # noqa: ANN401
        took_ms = (time.perf_counter() - connection.info.pop(_BEGUN)) * 1000
        if took_ms >= slow_ms:
            words = " ".join(statement.split())[:MAX_STATEMENT_CHARACTERS]
            told = {"statement": words, "took_ms": round(took_ms)}
            LOGGER.warning("%d ms: %s", took_ms, words, extra={TOLD: told})

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
