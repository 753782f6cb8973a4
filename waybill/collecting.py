"""The collector at work: one thread for each witness, so that none waits for another.

A witness that is away or slow delays neither the sequencer nor anything else the worker does; it
is asked less and less often until it answers.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from waybill.clock import Clock
from waybill.outbound.witnesses import (
    CosignatureError,
    RemoteWitness,
    WitnessDisagreesError,
    WitnessList,
)
from waybill.services.log.cosignatures import Target, collect_from, find_target
from waybill.witness.web import WebError

TURN_S: Final = 2.0
"""How often a witness is asked, when the log has grown."""
LONGEST_PAUSE_S: Final = 300.0
LAST_WAIT_S: Final = 0.5
LOGGER: Final = logging.getLogger("waybill.witnesses")


@dataclass(slots=True, kw_only=True)
class Collecting:
    """Everything the collector works with."""

    sessions: sessionmaker[Session]
    listed: WitnessList
    clock: Clock
    turn_s: float = TURN_S
    stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _target: Target | None = None
    _taken_at: float = float("-inf")

    def run(self, witness: RemoteWitness) -> None:
        """Ask one witness again and again, until told to stop."""
        failures = 0
        while not self.stop.is_set():
            failures = 0 if self.attempt(witness, self.target) is not None else failures + 1
            self.stop.wait(pause_s(self.turn_s, failures))

    def attempt(self, witness: RemoteWitness, find: Callable[[], Target | None]) -> int | None:
        """Ask one witness once; return how many signatures came, `None` if it came to nothing."""
        try:
            target = find()
            if target is None:
                return 0
            return collect_from(self.sessions, witness, target, clock=self.clock)
        except WitnessDisagreesError as error:
            LOGGER.critical("A WITNESS HAS SEEN ANOTHER LOG: %s: %s", witness.name, error)
        except (WebError, CosignatureError) as error:
            LOGGER.warning("the witness %s did not cosign: %s", witness.name, error)
        except SQLAlchemyError:
            LOGGER.exception("the database did not answer the collector")
        return None

    def target(self) -> Target | None:
        """Return what to ask for: for one turn the same checkpoint, whichever thread asks.

        Were each witness asked for the newest at its own moment, a busy log would collect
        signatures of many checkpoints and a quorum of none.
        """
        with self._lock:
            now = time.monotonic()
            if now - self._taken_at >= self.turn_s:
                self._target, self._taken_at = find_target(self.sessions), now
            return self._target

    def threads(self) -> list[threading.Thread]:
        """Return a thread for each witness, not started."""
        return [
            threading.Thread(target=self.run, args=(witness,), name=witness.name, daemon=True)
            for witness in self.listed.witnesses
        ]

    def once(self) -> int:
        """Ask every witness once, one after the other, and return how many signatures came."""
        target = find_target(self.sessions)
        return sum(self.attempt(w, lambda: target) or 0 for w in self.listed.witnesses)


@contextmanager
def collecting(work: Collecting) -> Iterator[Collecting]:
    """Let a collector run in its threads to the end of the block.

    A thread that still waits for its witness then is left to it: it holds no transaction open.
    """
    threads = work.threads()
    for thread in threads:
        thread.start()
    try:
        yield work
    finally:
        work.stop.set()
        for thread in threads:
            thread.join(LAST_WAIT_S)


def pause_s(turn_s: float, failures: int) -> float:
    """Return how long a witness is left alone after so many failures in a row."""
    # 2^16 turns are longer than the longest pause, whatever a turn is.
    return min(turn_s * (1 << min(failures, 16)), max(turn_s, LONGEST_PAUSE_S))
