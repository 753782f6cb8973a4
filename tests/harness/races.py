"""Many at once, really: threads, a barrier, a connection and a commit each."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Final, TypeVar

ResultT = TypeVar("ResultT")

LONGEST_WAIT_S: Final = 180


def race(runners: Sequence[Callable[[], ResultT]]) -> list[ResultT]:
    """Start all runners at the same moment and return their results in order."""
    barrier = Barrier(len(runners))

    def start(runner: Callable[[], ResultT]) -> ResultT:
        barrier.wait(LONGEST_WAIT_S)
        return runner()

    with ThreadPoolExecutor(len(runners)) as pool:
        running = [pool.submit(start, runner) for runner in runners]
        return [future.result(LONGEST_WAIT_S) for future in running]
