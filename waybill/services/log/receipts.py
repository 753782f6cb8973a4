"""Receipts a carrier keeps with a waybill and verifies without us: docs/formats/receipt.md.

A receipt is a zip of plain files: of each event that matters its body, salt, entry and proof, the
documents that were signed, and the log's keys.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import NotFoundError
from waybill.outbound.witnesses import WitnessList
from waybill.registry.access import Actor
from waybill.services.log.proofs import EventProof, proof_of
from waybill.services.log.serving import key_lines, published
from waybill.services.waybills.queries import get_waybill
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.log import EventRow
from waybill.storage.waybills import ClearanceRow, ReleaseRow, WaybillRevisionRow

FILE_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The same for every file, so that equal contents are equal files."""
READ_ME: Final = """\
危险货物电子运单 · 留痕回执 / Waybill: receipt of the log

每个事件有四个文件 / Each event has four files:
  N-KIND.body.json    事件原文 / what was recorded, byte for byte
  N-KIND.salt         32 字节随机盐 / 32 random bytes
  N-KIND.entry.json   日志条目 / the log's entry: {"body": SHA-256(salt + body), "id", "v"}
  N-KIND.tlog-proof   证明 / proof that the entry is in the log (c2sp.org/tlog-proof@v1)

核验 / To verify:
  1. cat N-KIND.salt N-KIND.body.json | sha256sum    = "body" of the entry
  2. tlog-proof 以 key 文件中的公钥核验 / verify the proof of the entry with a key of `key`
     (waybill log verify, or any reader of that format)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt as a file. `name` is for whoever saves it."""

    name: str
    content: bytes


def waybill_receipt(
    session: Session, actor: Actor, waybill_id: UUID, *, listed: WitnessList, clock: Clock
) -> Receipt:
    """Return the receipt of a waybill that the account sees, and record that it was given.

    Raises:
        NotFoundError: there is no such waybill, or it was never issued.
        StateError: an event of it has no place in the log yet.
    """
    found = get_waybill(session, actor, waybill_id)
    number = found.summary.number
    if number is None:
        raise NotFoundError("receipt", waybill_id)
    log = published(session)
    files = {"README.txt": READ_ME.encode(), "key": key_lines(session).encode()}
    files |= _documents(session, waybill_id)
    for position, row in enumerate(_events(session, waybill_id), start=1):
        proof = proof_of(session, log, row, whole=True, listed=listed)
        files |= _files_of(f"{position}-{row.kind}", proof)
    event = Event(
        kind=EventKind.RECEIPT_GIVEN,
        at=clock.now(),
        actor=actor,
        data={"size": log.head.size},
        subjects=(Subject(SubjectKey.WAYBILL, str(waybill_id)),),
    )
    record_event(session, event)
    return Receipt(name=f"receipt-{number}.zip", content=_zip(files))


def _events(session: Session, waybill_id: UUID) -> Iterator[EventRow]:
    """Yield the events of issue, clearance and release, in this order."""
    for statement in (
        select(WaybillRevisionRow.event_id)
        .where(WaybillRevisionRow.waybill_id == waybill_id)
        .order_by(WaybillRevisionRow.revision),
        select(ClearanceRow.event_id).where(ClearanceRow.waybill_id == waybill_id),
        select(ReleaseRow.event_id).where(ReleaseRow.waybill_id == waybill_id),
    ):
        for event_id in session.scalars(statement).all():
            yield session.get_one(EventRow, event_id)


def _documents(session: Session, waybill_id: UUID) -> dict[str, bytes]:
    """Return the signed documents, whose digests the events name, and their signatures."""
    files = {}
    revisions = session.scalars(
        select(WaybillRevisionRow)
        .where(WaybillRevisionRow.waybill_id == waybill_id)
        .order_by(WaybillRevisionRow.revision)
    )
    for row in revisions:
        files[f"waybill-{row.revision}.json"] = row.document
        files[f"waybill-{row.revision}.jws"] = row.document_jws.encode()
    release = session.get(ReleaseRow, waybill_id)
    if release is not None:
        files["loading-record.json"] = release.loading_record
        files["loading-record.jws"] = release.document_jws.encode()
    return files


def _files_of(stem: str, proof: EventProof) -> dict[str, bytes]:
    return {
        f"{stem}.body.json": proof.body or b"",
        f"{stem}.salt": proof.salt or b"",
        f"{stem}.entry.json": proof.entry,
        f"{stem}.tlog-proof": proof.tlog_proof().to_bytes(),
    }


def _zip(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, FILE_TIME), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
