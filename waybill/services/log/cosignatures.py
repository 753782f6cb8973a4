"""What witnesses have signed of the log's checkpoints, and how they stand to the newest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, sessionmaker

from waybill.clock import Clock
from waybill.errors import NotFoundError
from waybill.outbound.witnesses import (
    RemoteWitness,
    WitnessDisagreesError,
    WitnessList,
    request_cosignatures,
)
from waybill.services.log.serving import Published, published
from waybill.storage.log import LogCheckpointRow, LogCosignatureRow
from waybill.storage.log_tree import (
    Head,
    Identity,
    cosignatures_of,
    current_identity,
    find_head,
    tile_reader,
)
from waybill.storage.session import read_session, write_session
from waybill.transparency.checkpoint import parse_checkpoint
from waybill.transparency.merkle import consistency_proof
from waybill.transparency.notes import TIMESTAMP_BYTES, Signature, join_signatures, parse_note
from waybill.transparency.tiles import TileNodes

REFRESH_AFTER: Final = timedelta(hours=1)
"""A log that does not grow is cosigned again so often, so that its age can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """The largest checkpoint of the current origin that a witness has cosigned, and when."""

    name: str
    size: int | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Target:
    """The checkpoint that all witnesses are asked for, so that a quorum meets on one."""

    identity: Identity
    head: Head


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessStanding:
    """How the listed witnesses stand to the newest checkpoint; size `None` before the first.

    `quorum_size` is the largest checkpoint that as many as the quorum have cosigned, and
    `waiting_since` when the first one after it was signed; `None` when none waits. On a busy log
    one always waits, for a moment.
    """

    size: int | None
    quorum: int
    quorum_size: int | None
    witnesses: tuple[Cosigned, ...]
    waiting_since: datetime | None = None

    def lag_s(self, now: datetime) -> int:
        """Return for how many seconds the first checkpoint that lacks witnesses has waited."""
        waited = timedelta() if self.waiting_since is None else now - self.waiting_since
        return max(0, int(waited.total_seconds()))

    def age_s(self, now: datetime) -> int:
        """Return how many seconds ago the witness that is longest silent cosigned; 0 without any.

        One that never did counts as silent since 1970, so that it cannot be overlooked.
        """
        never = datetime.fromtimestamp(0, UTC)
        oldest = min((found.at or never for found in self.witnesses), default=now)
        return max(0, int((now - oldest).total_seconds()))

    @property
    def cosigned(self) -> int:
        """How many have cosigned the newest checkpoint."""
        return sum(self.size is not None and found.size == self.size for found in self.witnesses)


def record_cosignatures(
    session: Session, epoch: int, size: int, signatures: Sequence[Signature]
) -> int:
    """Keep verified cosignatures of a checkpoint, and return how many are new."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    done = 0
    for signature in signatures:
        seconds = int.from_bytes(signature.blob[:TIMESTAMP_BYTES], "big")
        statement = insert(LogCosignatureRow).values(
            epoch=epoch,
            size=size,
            name=signature.name,
            key_id=signature.key_id,
            at=datetime.fromtimestamp(seconds, UTC),
            blob=signature.blob,
        )
        kept = session.execute(statement.on_conflict_do_nothing().returning(LogCosignatureRow.size))
        done += len(kept.all())
    return done


def find_target(sessions: sessionmaker[Session]) -> Target | None:
    """Return the newest checkpoint of the current origin, `None` before the first."""
    with read_session(sessions) as session:
        identity = current_identity(session)
        head = identity and find_head(session, identity.epoch)
    return Target(identity, head) if identity and head else None


def collect_from(
    sessions: sessionmaker[Session], witness: RemoteWitness, target: Target, *, clock: Clock
) -> int:
    """Ask one witness for a checkpoint it has not cosigned, and return how many signatures came.

    No transaction is open while the witness is waited for.

    Raises:
        WebError: it cannot be reached, or not in time.
        CosignatureError: it refused.
        WitnessDisagreesError: it has seen another history than the log's.
    """
    identity, head = target.identity, target.head
    with read_session(sessions) as session:
        known = _cosigned(session, identity.epoch, witness)
    if known.size is not None and known.size > head.size:
        return 0
    if known.size == head.size and known.at and clock.now() - known.at < REFRESH_AFTER:
        return 0

    def prove(old: int) -> tuple[bytes, ...]:
        with read_session(sessions) as session:
            return _growth(session, identity, head, old)

    checkpoint = parse_checkpoint(parse_note(head.note).text)
    try:
        signatures = request_cosignatures(
            witness, head.note, checkpoint, old=known.size or 0, prove=prove
        )
    except WitnessDisagreesError as error:
        # A witness that looks for itself may have seen what was signed in the meantime.
        if _has_grown_to(sessions, identity, error.told):
            return 0
        raise
    with write_session(sessions) as session:
        return record_cosignatures(session, identity.epoch, head.size, signatures)


def witness_standing(session: Session, listed: WitnessList) -> WitnessStanding:
    """Return how the listed witnesses stand to the newest checkpoint of the current origin."""
    identity = current_identity(session)
    head = identity and find_head(session, identity.epoch)
    if identity is None or not head:
        none = tuple(Cosigned(name=w.name, size=None, at=None) for w in listed.witnesses)
        return WitnessStanding(size=None, quorum=listed.quorum, quorum_size=None, witnesses=none)
    found = tuple(_cosigned(session, identity.epoch, witness) for witness in listed.witnesses)
    quorum_size = find_quorum_size(session, identity.epoch, listed)
    return WitnessStanding(
        size=head.size,
        quorum=listed.quorum,
        quorum_size=quorum_size,
        witnesses=found,
        waiting_since=_waiting_since(session, identity.epoch, quorum_size, listed),
    )


def cosigned_note(session: Session, listed: WitnessList) -> bytes:
    """Return the newest checkpoint that the quorum has cosigned, with all its signatures.

    Without a quorum it is the newest there is.

    Raises:
        NotFoundError: there is no such checkpoint yet.
    """
    newest = published(session)
    found = find_cosigned(session, newest, listed) if listed.quorum else newest
    if found is None:
        raise NotFoundError("cosigned-checkpoint", newest.identity.epoch)
    return found.note


def find_cosigned(session: Session, newest: Published, listed: WitnessList) -> Published | None:
    """Return the newest checkpoint of an origin that the quorum has cosigned, `None` for none."""
    epoch = newest.identity.epoch
    size = find_quorum_size(session, epoch, listed)
    if size is None or size == newest.head.size:
        return None if size is None else newest
    row = LogCheckpointRow
    kept = session.scalars(select(row).where(row.epoch == epoch, row.size == size)).one()
    signed = join_signatures(parse_note(kept.note), cosignatures_of(session, epoch, size))
    head = Head(size=size, root=kept.root, note=kept.note, recorded_at=kept.recorded_at)
    return Published(identity=newest.identity, head=head, note=signed.to_bytes())


def find_quorum_size(session: Session, epoch: int, listed: WitnessList) -> int | None:
    """Return the size of the newest checkpoint that the quorum has cosigned.

    `None` where there is none; without a quorum nothing needs to be cosigned.
    """
    row = LogCosignatureRow
    key_ids = [key.key_id for witness in listed.witnesses for key in witness.keys]
    known = [_cosigned(session, epoch, witness).size for witness in listed.witnesses]
    reached = sorted((size for size in known if size is not None), reverse=True)
    if not 0 < listed.quorum <= len(reached):
        return None
    # No quorum lies above it: whoever is away for months does not make this look through months.
    most = reached[listed.quorum - 1]
    return session.scalar(
        select(row.size)
        .where(row.epoch == epoch, row.size <= most, row.key_id.in_(key_ids))
        .group_by(row.size)
        .having(func.count(row.name.distinct()) >= listed.quorum)
        .order_by(row.size.desc())
        .limit(1)
    )


def _waiting_since(
    session: Session, epoch: int, quorum_size: int | None, listed: WitnessList
) -> datetime | None:
    row = LogCheckpointRow
    if not listed.quorum:
        return None
    return session.scalar(
        select(row.recorded_at)
        .where(row.epoch == epoch, row.size > (-1 if quorum_size is None else quorum_size))
        .order_by(row.size)
        .limit(1)
    )


def _cosigned(session: Session, epoch: int, witness: RemoteWitness) -> Cosigned:
    row = LogCosignatureRow
    found = session.execute(
        select(row.size, row.at)
        .where(
            row.epoch == epoch,
            row.name == witness.name,
            row.key_id.in_([key.key_id for key in witness.keys]),
        )
        .order_by(row.size.desc(), row.at.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return Cosigned(name=witness.name, size=None, at=None)
    return Cosigned(name=witness.name, size=found.size, at=found.at)


def _growth(session: Session, identity: Identity, head: Head, old: int) -> tuple[bytes, ...]:
    if not 0 < old < head.size:
        return ()
    nodes = TileNodes(head.size, tile_reader(session, identity))
    return consistency_proof(old, head.size, nodes)


def _has_grown_to(sessions: sessionmaker[Session], identity: Identity, told: int | None) -> bool:
    with read_session(sessions) as session:
        head = find_head(session, identity.epoch)
    return told is not None and head is not None and head.size > told
