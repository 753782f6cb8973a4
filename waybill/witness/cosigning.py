"""The decision to cosign: what a log submits is held against what the witness remembers of it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from waybill.clock import Clock
from waybill.transparency.checkpoint import Checkpoint, parse_checkpoint
from waybill.transparency.errors import NoteError, ProofError
from waybill.transparency.merkle import verify_consistency
from waybill.transparency.notes import Note, NoteSigner, join_signatures, parse_note
from waybill.witness.configuration import Configuration, FollowedLog
from waybill.witness.key import load_key
from waybill.witness.store import Alarm, Evidence, Ledger, Newest, Store
from waybill.witness.submission import SIZE_TYPE, Submission, kept_note, parse_submission

LOGGER: Final = logging.getLogger("waybill.witness")
TEXT_TYPE: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What a witness works with."""

    logs: Mapping[str, FollowedLog]
    signer: NoteSigner
    store: Store
    clock: Clock


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a submission."""

    status: HTTPStatus
    body: bytes
    content_type: str = TEXT_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A checkpoint that a followed log has signed; `note` has its signatures and no others."""

    log: FollowedLog
    checkpoint: Checkpoint
    note: Note


def open_witness(configuration: Configuration, clock: Clock) -> Witness:
    """Return the witness that a configuration describes, its store made where there is none.

    Raises:
        NoteError: the key's file cannot be used.
        OSError: the key's file or the store cannot be opened.
    """
    store = Store(configuration.store)
    with store.writing() as ledger:
        for log in configuration.logs:
            ledger.follow(log.origin, clock.now())
    return Witness(
        logs={log.origin: log for log in configuration.logs},
        signer=load_key(configuration.key),
        store=store,
        clock=clock,
    )


def add_checkpoint(witness: Witness, data: bytes) -> Reply:
    """Answer a submission (C2SP tlog-witness, add-checkpoint). What is cosigned is kept first."""
    try:
        submission = parse_submission(data)
        note = parse_note(submission.note)
        checkpoint = parse_checkpoint(note.text)
    except NoteError as error:
        return _refusal(HTTPStatus.BAD_REQUEST, str(error))
    log = witness.logs.get(checkpoint.origin)
    if log is None:
        return _refusal(HTTPStatus.NOT_FOUND, "this witness does not follow that log")
    try:
        shown = Shown(log=log, checkpoint=checkpoint, note=kept_note(note, log.keys))
    except NoteError as error:
        return _refusal(HTTPStatus.FORBIDDEN, str(error))
    if submission.old > checkpoint.size:
        return _refusal(HTTPStatus.BAD_REQUEST, "the old size is larger than the checkpoint's")
    with witness.store.writing() as ledger:
        return judge(witness, ledger, submission, shown)


def judge(witness: Witness, ledger: Ledger, submission: Submission, shown: Shown) -> Reply:
    """Cosign a checkpoint if it continues what the ledger holds; ledger and answer go together.

    The ledger's transaction is the lock: of two submissions at once the second sees the first.
    """
    now = witness.clock.now()
    checkpoint, log = shown.checkpoint, shown.log
    ours = ledger.newest(log.origin)
    if checkpoint.size == ours.size and checkpoint.root != ours.root:
        report_fork(witness, ledger, ours, shown)
        return _told_size(ours)
    if submission.old != ours.size:
        if checkpoint.size < ours.size and log.url is not None:
            # Most likely late; the next look at the log's tiles will tell.
            ledger.keep(log.origin, evidence_of(Alarm.UNPROVEN, ours, shown), now)
        return _told_size(ours)
    try:
        _verify(submission, ours, checkpoint)
    except ProofError as error:
        ledger.keep(log.origin, evidence_of(Alarm.UNPROVEN, ours, shown), now)
        detail = f"size {checkpoint.size} was not shown to continue {ours.size}: {error}"
        sound(ledger, log.origin, Alarm.UNPROVEN, detail, witness.clock)
        return _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    signature = witness.signer.cosign(shown.note.text, now)
    ledger.advance(checkpoint, join_signatures(shown.note, (signature,)).to_bytes(), now)
    return Reply(HTTPStatus.OK, signature.line().encode())


def report_fork(
    witness: Witness, ledger: Ledger, ours: Newest, shown: Shown, proof: tuple[bytes, ...] = ()
) -> None:
    """Keep what proves a fork, and raise the alarm that nothing ends."""
    evidence = evidence_of(Alarm.FORKED, ours, shown, proof)
    ledger.keep(ours.origin, evidence, witness.clock.now())
    detail = f"size {shown.checkpoint.size} is signed and is not of the tree we cosigned"
    sound(ledger, ours.origin, Alarm.FORKED, detail, witness.clock)
    if not ledger.evidence(ours.origin, Alarm.UNPROVEN):
        silence(ledger, ours.origin, Alarm.UNPROVEN)


def evidence_of(kind: Alarm, ours: Newest, shown: Shown, proof: tuple[bytes, ...] = ()) -> Evidence:
    """Return what is kept of a checkpoint that does not go with ours."""
    return Evidence(
        kind=kind,
        size=shown.checkpoint.size,
        root=shown.checkpoint.root,
        ours=ours.note,
        shown=shown.note.to_bytes(),
        proof=proof,
    )


def sound(ledger: Ledger, origin: str, kind: Alarm, detail: str, clock: Clock) -> None:
    """Raise an alarm, and say so in the journal when it is new."""
    if ledger.raise_alarm(origin, kind, detail, clock.now()):
        LOGGER.critical("ALARM %s %s: %s", kind, origin, detail)


def silence(ledger: Ledger, origin: str, kind: Alarm) -> None:
    """End an alarm whose cause is gone."""
    if ledger.clear_alarm(origin, kind):
        LOGGER.warning("alarm over: %s %s", kind, origin)


def _verify(submission: Submission, ours: Newest, checkpoint: Checkpoint) -> None:
    """Verify that a checkpoint continues ours; before the first there is nothing to continue."""
    if ours.size == 0:
        if submission.proof:
            raise ProofError("a proof from an empty tree is empty")
        return
    verify_consistency(
        old=ours.size,
        new=checkpoint.size,
        proof=submission.proof,
        old_root=ours.root,
        new_root=checkpoint.root,
    )


def _told_size(ours: Newest) -> Reply:
    return Reply(HTTPStatus.CONFLICT, f"{ours.size}\n".encode(), SIZE_TYPE)


def _refusal(status: HTTPStatus, reason: str) -> Reply:
    return Reply(status, f"{reason}\n".encode())
