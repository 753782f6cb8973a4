"""How long the authority's desk gives, read from `terms.toml` with where each figure comes from."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One figure. `provenance` is a law's name, or `ours` where no law was read for it."""

    value: int
    provenance: str
    note: str


def read_terms(path: Path) -> Mapping[str, Term]:
    """Return the figures of a file by name.

    Raises:
        TypeError: a figure has a member that no figure has, or lacks one.
    """
    return {
        name: Term(**figure)
        for name, figure in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


TERMS: Final = read_terms(Path(__file__).with_suffix(".toml"))

INTERIM_SUSPENSION: Final = timedelta(hours=TERMS["interim_suspension_hours"].value)
CASE_TERM: Final = timedelta(days=TERMS["case_days"].value)
REQUEST_TERM: Final = timedelta(days=TERMS["request_days"].value)
REPORTS_PER_ADDRESS: Final = TERMS["reports_per_address"].value
