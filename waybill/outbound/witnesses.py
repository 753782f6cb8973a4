"""Asking witnesses for their cosignatures (C2SP tlog-witness), and the list of those to ask.

The list is a TOML file:

    quorum = 1

    [[witness]]
    url = "https://witness.example.gov.cn"
    keys = ["witness.example.gov.cn/w1+1a2b3c4d+BA..."]
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final, TypeAlias

from waybill.transparency.checkpoint import Checkpoint
from waybill.transparency.errors import NoteError
from waybill.transparency.notes import MAX_NOTE_BYTES, Algorithm, Signature, VerifierKey
from waybill.witness.configuration import MAX_FILE_BYTES, read_keys, read_url
from waybill.witness.submission import SIZE_TYPE, Submission, parse_told_size, read_cosignatures
from waybill.witness.web import Answer, ask

TIMEOUT_S: Final = 5.0
DEADLINE_S: Final = 10.0
ATTEMPTS: Final = 3
"""A witness may tell another size once or twice, when something else submits meanwhile."""
MAX_WITNESSES: Final = 32
_ENTRIES: Final = frozenset({"url", "keys"})

Prove: TypeAlias = Callable[[int], tuple[bytes, ...]]


class WitnessListError(ValueError):
    """The list of witnesses cannot be used; the message says why."""


class CosignatureError(Exception):
    """A witness answered and did not cosign."""


class WitnessDisagreesError(CosignatureError):
    """The witness has seen another history of this log, or more of it than there is.

    `told` is the size it knows, where it told one.
    """

    def __init__(self, reason: str, told: int | None = None) -> None:
        super().__init__(reason)
        self.told = told


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteWitness:
    """A witness: where it is asked, and the keys it may answer with, all of one name."""

    url: str
    keys: tuple[VerifierKey, ...]

    def __post_init__(self) -> None:
        if len({key.name for key in self.keys}) != 1:
            raise ValueError("the keys of a witness have one name")

    @property
    def name(self) -> str:
        """The name its keys sign under."""
        return self.keys[0].name


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessList:
    """Whom to ask, and how many of them must cosign before a checkpoint counts."""

    quorum: int
    witnesses: tuple[RemoteWitness, ...]

    def __post_init__(self) -> None:
        names = {witness.name for witness in self.witnesses}
        if len(names) != len(self.witnesses) or len(names) > MAX_WITNESSES:
            raise ValueError(f"each witness is named once, at most {MAX_WITNESSES} of them")
        if not 0 <= self.quorum <= len(names):
            raise ValueError("the quorum is a number of the named witnesses")


NO_WITNESSES: Final = WitnessList(quorum=0, witnesses=())


def read_witnesses(path: Path | None) -> WitnessList:
    """Read the list of witnesses; without a file there are none.

    Raises:
        WitnessListError: it cannot be read, or something in it cannot be used.
    """
    if path is None:
        return NO_WITNESSES
    try:
        with path.open("rb") as file:
            found = tomllib.loads(file.read(MAX_FILE_BYTES).decode())
        return _list(found)
    except (OSError, ValueError) as error:
        raise WitnessListError(f"{path}: {error}") from error


def request_cosignatures(
    witness: RemoteWitness, note: bytes, checkpoint: Checkpoint, *, old: int, prove: Prove
) -> tuple[Signature, ...]:
    """Return what a witness cosigned a checkpoint with, verified; a told size is answered.

    Args:
        witness: whom to ask.
        note: the checkpoint as the log signed it.
        checkpoint: what it says.
        old: the size that the witness is thought to know; 0 where nothing is thought.
        prove: gives the proof from a size to the checkpoint's, empty for 0 and for its own.

    Raises:
        WebError: it cannot be reached, or not in time.
        CosignatureError: it refused, or answered with something else.
        WitnessDisagreesError: it knows another history.
    """
    known = old if old <= checkpoint.size else 0
    for _ in range(ATTEMPTS):
        answer = _submit(witness, Submission(old=known, proof=prove(known), note=note))
        try:
            if answer.status == HTTPStatus.OK:
                return read_cosignatures(checkpoint.text(), answer.body, witness.keys)
            told = _told_size(answer, known)
        except NoteError as error:
            raise CosignatureError(f"{witness.name}: {error}") from error
        if told > checkpoint.size or told == known:
            raise WitnessDisagreesError(
                f"{witness.name} has cosigned size {told}, and size {checkpoint.size} with this"
                " root does not continue it",
                told,
            )
        known = told
    raise CosignatureError(f"{witness.name} tells another size each time")


def _submit(witness: RemoteWitness, submission: Submission) -> Answer:
    return ask(
        f"{witness.url}/add-checkpoint",
        body=submission.to_bytes(),
        max_bytes=MAX_NOTE_BYTES,
        timeout_s=TIMEOUT_S,
        deadline_s=DEADLINE_S,
    )


def _told_size(answer: Answer, known: int) -> int:
    """Return the size that a witness tells instead of cosigning."""
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY and known:
        raise WitnessDisagreesError(f"the log does not continue size {known} of the witness")
    if answer.status != HTTPStatus.CONFLICT or answer.content_type != SIZE_TYPE:
        raise NoteError(f"answers {answer.status}")
    return parse_told_size(answer.body)


def _list(found: Mapping[str, object]) -> WitnessList:
    if unknown := sorted(found.keys() - {"quorum", "witness"}):
        raise ValueError(f"the file has entries that mean nothing: {', '.join(unknown)}")
    quorum, tables = found.get("quorum"), found.get("witness", [])
    if not isinstance(quorum, int) or isinstance(quorum, bool):
        raise ValueError("quorum must be a whole number")  # noqa: TRY004  the file is wrong
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError("witnesses are written as [[witness]]")
    return WitnessList(quorum=quorum, witnesses=tuple(_witness(table) for table in tables))


def _witness(table: Mapping[str, object]) -> RemoteWitness:
    if unknown := sorted(table.keys() - _ENTRIES):
        raise ValueError(f"a witness has entries that mean nothing: {', '.join(unknown)}")
    return RemoteWitness(url=read_url(table), keys=read_keys(table, Algorithm.COSIGNATURE))
