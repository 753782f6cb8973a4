"""Records of checks without network on pages: what the tablet said beside what the server says."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.language import say
from waybill.registry.offline import KeptRecord
from waybill.services.offline.words import PROBLEMS, STATES


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A record with what became of it and why, in the page's language."""

    record: KeptRecord
    became: str
    why: tuple[str, ...]


def shown_records(records: Iterable[KeptRecord]) -> list[ShownRecord]:
    """Return records as pages show them."""
    return [
        ShownRecord(
            record,
            say(*STATES[record.state]),
            tuple(say(*PROBLEMS[problem]) for problem in record.problems),
        )
        for record in records
    ]
