"""Kinds of approved vehicles: which may stand for which.

Source: ADR 2025, 7.4.2 (tanks) and 9.1.1.2 (kinds), 7.2.4 V2 (EX/II and EX/III); not read in their
own words. Nothing else stands for another kind: what is not written here is a no.
"""

from collections.abc import Mapping
from typing import Final

KINDS_THAT_SATISFY: Final[Mapping[str, frozenset[str]]] = {
    "AT": frozenset({"AT", "FL"}),
    "FL": frozenset({"FL"}),
    "EX/II": frozenset({"EX/II", "EX/III"}),
    "EX/III": frozenset({"EX/III"}),
    "MEMU": frozenset({"MEMU"}),
}
"""Per kind that is asked for, the approvals that will do."""


def vehicle_satisfies(approval: str, asked: str) -> bool:
    """Whether a vehicle's approval will do where the list asks for a kind of vehicle.

    An FL vehicle may carry what asks for AT, never the other way. Where the column is empty the
    list asks for nothing; a kind that is not known is satisfied by nothing.
    """
    return not asked or approval in KINDS_THAT_SATISFY.get(asked, frozenset())
