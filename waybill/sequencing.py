"""The sequencer at work: a thread of the worker that nothing else the worker does can delay.

A log that is not what it signed is never added to: the thread ends, `Sequencing.refusal` says why,
and the worker ends with it. A database that is away is waited for.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from waybill.clock import Clock
from waybill.errors import WaybillError
from waybill.services.log.checking import check_at_start, check_head, stray_events
from waybill.services.log.sequencer import LogTerms, is_waiting, open_log, sequence_batch
from waybill.services.log.serving import find_identity
from waybill.storage.session import read_session, write_session
from waybill.transparency.errors import TransparencyError

TURN_S: Final = 0.4
"""How often is looked for events that wait; so the log is less than a second behind."""
WATCH_EVERY: Final = 75
"""Every so many turns the head is looked at, and whether an event was left out."""
LOGGER: Final = logging.getLogger("waybill.log")


@dataclass(slots=True, kw_only=True)
class Sequencing:
    """Everything the sequencer works with, and why it refuses to, once it does."""

    sessions: sessionmaker[Session]
    terms: LogTerms
    clock: Clock
    stop: threading.Event = field(default_factory=threading.Event)
    refusal: Exception | None = None

    def run(self) -> None:
        """Sequence until told to stop, or until there is a reason to refuse."""
        try:
            self._until(self.open)
            turns = 0
            while not self.stop.is_set():
                more = self._until(self.batch)[1]
                if turns % WATCH_EVERY == 0:
                    self._until(self.watch)
                turns += 1
                if not more:
                    self.stop.wait(TURN_S)
        except (TransparencyError, WaybillError) as error:
            self.refusal = error
            LOGGER.critical("THE LOG IS NOT ADDED TO: %s", error)
        except Exception as error:
            # A thread that dies unseen would leave a worker that looks well.
            self.refusal = error
            LOGGER.critical("THE LOG IS NOT ADDED TO", exc_info=True)

    def open(self) -> tuple[int, bool]:
        """Open the log, or check the one there is.

        Raises:
            LogMismatchError: it is not what was signed last.
            StateError: it is called otherwise than the settings say.
        """
        with write_session(self.sessions) as session:
            identity = open_log(session, self.terms, clock=self.clock)
            head = check_at_start(session, identity)
        LOGGER.info("%s stands at %d", identity.origin, head.size)
        return 0, True

    def batch(self) -> tuple[int, bool]:
        """Sequence one batch, if anything waits; return how many, and whether more may wait."""
        with read_session(self.sessions) as session:
            waiting = is_waiting(session)
        if not waiting:
            return 0, False
        with write_session(self.sessions) as session:
            return sequence_batch(session, self.terms.key_dir, clock=self.clock)

    def watch(self) -> tuple[int, bool]:
        """Look at the head though nothing waits, and tell of events that were left out.

        Raises:
            LogMismatchError: the log is not what was signed last.
        """
        with read_session(self.sessions) as session:
            check_head(session, find_identity(session))
            strays = stray_events(session)
        if strays:
            LOGGER.critical("%d events were left out of the log, first %s", len(strays), strays[0])
        return len(strays), False

    def all(self) -> int:
        """Open the log and sequence everything that waits; return how much that was."""
        self.open()
        done, more = 0, True
        while more:
            count, more = self.batch()
            done += count
        return done

    def _until(self, act: Callable[[], tuple[int, bool]]) -> tuple[int, bool]:
        """Do something, again and again while the database or the key's folder is away."""
        while True:
            try:
                return act()
            except (SQLAlchemyError, OSError) as error:
                LOGGER.warning("the sequencer tries again: %s", str(error).partition("\n")[0])
            if self.stop.wait(TURN_S):
                return 0, False


@contextmanager
def sequencing(work: Sequencing) -> Iterator[Sequencing]:
    """Let a sequencer run in a thread of its own, to the end of the block."""
    thread = threading.Thread(target=work.run, name="sequencer", daemon=True)
    thread.start()
    try:
        yield work
    finally:
        work.stop.set()
        thread.join()
