"""A sequencer in a process of its own, to be killed at any moment."""

import logging
import multiprocessing
import random
import signal
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from tests.harness.sequenced_log import sequencer
from waybill.clock import SystemClock
from waybill.storage.session import make_engine, session_factory

LONGEST_REST_S: Final = 0.5
"""Longer than a sequencer rests between two looks, so that it is killed in either."""
MOST: Final = 0.7
FEWEST: Final = 5
_CONTEXT: Final = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.harness.killed_sequencer"])


def run(url: str, key_dir: str) -> None:
    """Sequence until killed."""
    logging.disable(logging.INFO)
    sequencer(session_factory(make_engine(url)), Path(key_dir), SystemClock()).run()


def start(url: str, key_dir: Path) -> BaseProcess:
    """Start a sequencer over a database."""
    process = _CONTEXT.Process(target=run, args=(url, str(key_dir)), daemon=True)
    process.start()
    return process


def kill_again_and_again(
    url: str, key_dir: Path, *, signed: Callable[[], int], for_s: float, seed: int
) -> int:
    """Start sequencers and kill each (SIGKILL) at a random moment; return how many.

    Most are let live until they have signed something, by the number that `signed` tells, so that
    there is work to be interrupted however slow the machine is.
    """
    chance = random.Random(seed)  # noqa: S311  no secret
    killed, end_s = 0, time.monotonic() + for_s
    while time.monotonic() < end_s or killed < FEWEST:
        before, process = signed(), start(url, key_dir)
        if chance.random() < MOST:
            wait_for_more(signed, before)
        time.sleep(chance.uniform(0, LONGEST_REST_S))
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
    return killed


def wait_for_more(signed: Callable[[], int], before: int) -> None:
    """Wait until more is signed than before, but not for ever."""
    end_s = time.monotonic() + 10
    while signed() <= before and time.monotonic() < end_s:
        time.sleep(0.01)
