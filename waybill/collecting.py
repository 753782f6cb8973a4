"""The collector at work: one thread for each witness, so that none waits for another.

A witness that is away or slow delays neither the sequencer nor anything else the worker does; it
is asked less and less often until it answers.
"""

import logging
import threading
from collections.abc import Iterator
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
from waybill.services.log.cosignatures import collect_from
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

    def run(self, witness: RemoteWitness) -> None:
        """Ask one witness again and again, until told to stop."""
        failures = 0
        while not self.stop.is_set():
            failures = 0 if self.attempt(witness) is not None else failures + 1
            self.stop.wait(pause_s(self.turn_s, failures))

    def attempt(self, witness: RemoteWitness) -> int | None:
        """Ask one witness once; return how many signatures came, `None` if it came to nothing."""
        try:
            return collect_from(self.sessions, witness, clock=self.clock)
        except WitnessDisagreesError as error:
            LOGGER.critical("A WITNESS HAS SEEN ANOTHER LOG: %s: %s", witness.name, error)
        except (WebError, CosignatureError) as error:
            LOGGER.warning("the witness %s did not cosign: %s", witness.name, error)
        except SQLAlchemyError:
            LOGGER.exception("the database did not answer the collector")
        return None

    def threads(self) -> list[threading.Thread]:
        """Return a thread for each witness, not started."""
        return [
            threading.Thread(target=self.run, args=(witness,), name=witness.name, daemon=True)
            for witness in self.listed.witnesses
        ]

    def once(self) -> int:
        """Ask every witness once, one after the other, and return how many signatures came."""
        return sum(self.attempt(witness) or 0 for witness in self.listed.witnesses)


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
