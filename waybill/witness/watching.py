"""Looking for oneself: the log is read at its address, proved from its tiles, and judged.

What cannot be reached is no alarm of its own; a log that stays away stands still before long.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeAlias

from waybill.transparency.checkpoint import parse_checkpoint
from waybill.transparency.errors import NoteError, TileError
from waybill.transparency.merkle import consistency_proof, tree_root
from waybill.transparency.notes import MAX_NOTE_BYTES, parse_note
from waybill.transparency.tiles import Tile, TileNodes
from waybill.witness.configuration import FollowedLog
from waybill.witness.cosigning import (
    Shown,
    Witness,
    evidence_of,
    judge,
    report_fork,
    silence,
    sound,
)
from waybill.witness.store import Alarm, Evidence, Ledger, Newest
from waybill.witness.submission import Submission, kept_note
from waybill.witness.succession import (
    MAX_SUCCESSION_BYTES,
    compare_with_old,
    verify_succession,
)
from waybill.witness.web import WebError, ask

LOGGER: Final = logging.getLogger("waybill.witness")
MAX_TILE_BYTES: Final = 256 * 32
SECOND_LOOK_S: Final = 3.0
"""A log behind caches may show an older checkpoint for a moment; it is asked once more."""

Fetch: TypeAlias = Callable[[str, int], bytes]
Pause: TypeAlias = Callable[[float], object]


class NotServedError(TileError):
    """The log answers that it has no such tile."""


def fetch(url: str, max_bytes: int) -> bytes:
    """Return what stands at an address.

    Raises:
        NotServedError: the server says that there is nothing.
        WebError: no answer, or one that is neither.
    """
    answer = ask(url, max_bytes=max_bytes)
    if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise NotServedError(f"{url} is not served")
    if answer.status != HTTPStatus.OK:
        raise WebError(f"{url} answers {answer.status}")
    return answer.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Looks at the logs that have an address."""

    witness: Witness
    pause: Pause
    fetch: Fetch = fetch

    def look_at_all(self) -> None:
        """Look at every log once; trouble with one keeps nobody from the others."""
        for log in self.witness.logs.values():
            try:
                self.look(log)
            except Exception:
                LOGGER.exception("the look at %s failed", log.origin)

    def look(self, log: FollowedLog) -> None:
        """Look at one log, cosign what it has grown by, and raise or end its alarms."""
        trouble = ""
        if log.url is not None:
            try:
                self._look(log, log.url)
            except WebError as error:
                trouble = str(error)
                LOGGER.warning("%s: %s", log.origin, error)
            except TileError as error:
                trouble = str(error)
                self._sound(log, Alarm.BROKEN, trouble)
        with self.witness.store.writing() as ledger:
            if log.url is not None:
                ledger.looked(log.origin, self.witness.clock.now(), trouble)
            self._time_growth(ledger, log)

    def _look(self, log: FollowedLog, url: str) -> None:
        with self.witness.store.reading() as ledger:
            # Read first: a submission that comes meanwhile must not make the log look shrunk.
            ours = ledger.newest(log.origin)
        shown = self._shown(log, url)
        if shown is not None and shown.checkpoint.size < ours.size:
            self.pause(SECOND_LOOK_S)
            shown = self._shown(log, url)
        if shown is None:
            return
        if shown.checkpoint.size < ours.size:
            self._report_shrinking(ours, shown)
            return
        nodes = TileNodes(shown.checkpoint.size, self._tiles(url))
        proof = self._proof(ours, shown, nodes)
        if log.succeeds is not None and shown.checkpoint.size:
            self._follow_succession(shown, url, nodes)
        with self.witness.store.writing() as ledger:
            if proof is None:
                report_fork(self.witness, ledger, ours, shown, _path(ours, shown, nodes))
                return
            submission = Submission(old=ours.size, proof=proof, note=shown.note.to_bytes())
            if shown.checkpoint.size > ours.size or shown.checkpoint.root != ours.root:
                judge(self.witness, ledger, submission, shown)
            silence(ledger, log.origin, Alarm.SHRUNK)
            silence(ledger, log.origin, Alarm.BROKEN)
        self._settle(shown, nodes)

    def _shown(self, log: FollowedLog, url: str) -> Shown | None:
        """Return the checkpoint that is served, or `None` and an alarm where it does not hold."""
        data = self.fetch(f"{url}/checkpoint", MAX_NOTE_BYTES)
        try:
            shown = _read_shown(log, data)
        except NoteError as error:
            self._sound(log, Alarm.UNSIGNED, str(error))
            return None
        with self.witness.store.writing() as ledger:
            silence(ledger, log.origin, Alarm.UNSIGNED)
        return shown

    def _tiles(self, url: str) -> Callable[[Tile], bytes]:
        return lambda tile: self.fetch(f"{url}/tile/{tile.path}", MAX_TILE_BYTES)

    def _proof(self, ours: Newest, shown: Shown, nodes: TileNodes) -> tuple[bytes, ...] | None:
        """Return the proof that the log continues what we cosigned; `None` if it does not.

        Raises:
            TileError: the tiles do not give the root that was signed, so they prove nothing.
        """
        size, root = shown.checkpoint.size, shown.checkpoint.root
        if size == ours.size:
            return () if root == ours.root else None
        if tree_root(size, nodes) != root:
            raise TileError(f"the tiles of size {size} do not give the root that was signed")
        if ours.size == 0:
            return ()
        if tree_root(ours.size, nodes) != ours.root:
            return None
        return consistency_proof(ours.size, size, nodes)

    def _follow_succession(self, shown: Shown, url: str, nodes: TileNodes) -> None:
        """Hold what a log says of the one before it against what we cosigned of that.

        Raises:
            TileError: its first entry is no succession of the log that is named.
        """
        succession = verify_succession(self.fetch(f"{url}/succession", MAX_SUCCESSION_BYTES), nodes)
        if succession.origin != shown.log.succeeds:
            raise TileError(f"the log succeeds {succession.origin}")
        with self.witness.store.writing() as ledger:
            compare_with_old(self.witness, ledger, succession, shown)

    def _report_shrinking(self, ours: Newest, shown: Shown) -> None:
        log, clock = shown.log, self.witness.clock
        detail = f"size {shown.checkpoint.size} is shown after {ours.size} was cosigned"
        with self.witness.store.writing() as ledger:
            ledger.keep(log.origin, evidence_of(Alarm.SHRUNK, ours, shown), clock.now())
            sound(ledger, log.origin, Alarm.SHRUNK, detail, clock)

    def _settle(self, shown: Shown, nodes: TileNodes) -> None:
        """Hold what others submitted without a proof against the tree that has been proved."""
        origin = shown.log.origin
        with self.witness.store.reading() as ledger:
            ours, suspected = ledger.newest(origin), ledger.evidence(origin, Alarm.UNPROVEN)
        if not suspected or ours.root != shown.checkpoint.root:
            return
        size = shown.checkpoint.size
        roots = {s.size: tree_root(s.size, nodes) for s in suspected if s.size <= size}
        with self.witness.store.writing() as ledger:
            for evidence in suspected:
                if evidence.size not in roots:
                    continue
                if roots[evidence.size] == evidence.root:
                    ledger.drop(origin, evidence)
                else:
                    report_fork(self.witness, ledger, ours, _again(shown.log, evidence))
            if not ledger.evidence(origin, Alarm.UNPROVEN):
                silence(ledger, origin, Alarm.UNPROVEN)

    def _time_growth(self, ledger: Ledger, log: FollowedLog) -> None:
        """Raise or end the alarm that a log does not grow."""
        if log.stands_still_after is None:
            return
        ours, now = ledger.newest(log.origin), self.witness.clock.now()
        since = ours.grown_at or ours.followed_at
        if now - since > log.stands_still_after:
            detail = f"size {ours.size} since {since:%Y-%m-%dT%H:%M:%SZ}"
            sound(ledger, log.origin, Alarm.STANDS_STILL, detail, self.witness.clock)
        else:
            silence(ledger, log.origin, Alarm.STANDS_STILL)

    def _sound(self, log: FollowedLog, kind: Alarm, detail: str) -> None:
        with self.witness.store.writing() as ledger:
            sound(ledger, log.origin, kind, detail, self.witness.clock)


def _read_shown(log: FollowedLog, data: bytes) -> Shown:
    note = parse_note(data)
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != log.origin:
        raise NoteError(f"the checkpoint is of another log: {checkpoint.origin}")
    return Shown(log=log, checkpoint=checkpoint, note=kept_note(note, log.keys))


def _path(ours: Newest, shown: Shown, nodes: TileNodes) -> tuple[bytes, ...]:
    """Return the hashes from the other root of our size to the one shown, where sizes differ."""
    if ours.size == shown.checkpoint.size:
        return ()
    return consistency_proof(ours.size, shown.checkpoint.size, nodes)


def _again(log: FollowedLog, evidence: Evidence) -> Shown:
    note = parse_note(evidence.shown)
    return Shown(log=log, checkpoint=parse_checkpoint(note.text), note=note)
