"""Amounts and the room there is for them, where not every amount may go to every place."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

_NOTHING: Final = Decimal(0)


def find_excess(
    amounts: Sequence[Decimal], rooms: Sequence[Decimal], fits: Sequence[frozenset[int]]
) -> Decimal:
    """Return how much finds no room, however the amounts are shared out among the places.

    No amount is negative. Each may be split among the places that `fits` names for it, by their
    index in `rooms`. What is placed gives way where that makes room for more, so nothing is left
    that could be placed.
    """
    placed = [[_NOTHING] * len(rooms) for _ in amounts]

    def place(index: int, amount: Decimal, tried: set[int]) -> Decimal:
        """Place some of an amount and return how much; others may move to make room."""
        for room in sorted(fits[index]):
            if room in tried:
                continue
            tried.add(room)
            free = min(amount, rooms[room] - sum((row[room] for row in placed), _NOTHING))
            if free > _NOTHING:
                placed[index][room] += free
                return free
            for other, row in enumerate(placed):
                # An amount that has nothing here must not use up the rooms others may try.
                if row[room] and (moved := place(other, min(amount, row[room]), tried)):
                    row[room] -= moved
                    placed[index][room] += moved
                    return moved
        return _NOTHING

    excess = _NOTHING
    for index, amount in enumerate(amounts):
        left = amount
        while moved := place(index, left, set()):
            left -= moved
        excess += left
    return excess
