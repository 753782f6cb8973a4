"""What a verifier remembers between runs: keys, the last checkpoint, and how far a run has come.

Without this memory a rewritten log that is signed anew looks like any other. The file is the
verifier's own and is written whole or not at all.
"""

import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from waybill.codec import JsonValue, parse_json, sha256
from waybill.transparency.checkpoint import Checkpoint, parse_checkpoint
from waybill.transparency.notes import VerifierKey, parse_note, parse_verifier_key
from waybill.verifier.faults import UnreadableError
from waybill.verifier.frontier import Frontier, read_frontier

STATE_VERSION: Final = 1
MAX_STATE_BYTES: Final = 1 << 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A signed checkpoint, and how much of the log below it was verified, `bodies` with bodies."""

    note: bytes
    frontier: Frontier
    bodies: bool = False

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that the note signs."""
        return parse_checkpoint(parse_note(self.note).text)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMemory:
    """What is known of one log: `last` held to its end, `run` was interrupted."""

    keys: tuple[VerifierKey, ...] = ()
    last: Reached | None = None
    run: Reached | None = None


@dataclass(slots=True)
class Memory:
    """All that one verifier remembers: logs by origin, and which stood at an address."""

    path: Path
    logs: dict[str, LogMemory] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def of(self, origin: str) -> LogMemory:
        """Return what is known of a log."""
        return self.logs.get(origin, LogMemory())

    def run_folder(self, origin: str) -> Path:
        """Return the folder of a run's own files, beside the state."""
        return self.path.with_name(f"{self.path.name}.{sha256(origin.encode()).hex()[:16]}.run")

    def note_run(self, origin: str, run: Reached) -> None:
        """Keep how far a run has come."""
        self.logs[origin] = replace(self.of(origin), run=run)
        self.save()

    def note_end(
        self, origin: str, address: str, keys: tuple[VerifierKey, ...], last: Reached
    ) -> None:
        """Keep a checkpoint that holds; the run is at its end."""
        self.logs[origin] = LogMemory(keys=keys, last=last)
        self.addresses[address] = origin
        self.save()

    def begin_anew(self, origin: str) -> None:
        """Forget how far a run had come, for it found a fault; what was signed stays known."""
        run = self.of(origin).run
        if run is not None:
            self.note_run(origin, replace(run, frontier=Frontier()))

    def keep_evidence(self, note: bytes) -> Path:
        """Write a checkpoint to a file of its own beside the state, and return where it is."""
        path = self.path.with_name(f"{self.path.name}.{sha256(note).hex()[:16]}.checkpoint")
        path.write_bytes(note)
        return path

    def save(self) -> None:
        """Write the file, in one step.

        Raises:
            UnreadableError: it cannot be written.
        """
        value: JsonValue = {
            "v": STATE_VERSION,
            "addresses": self.addresses,
            "logs": {origin: _log_to_json(log) for origin, log in self.logs.items()},
        }
        fresh = self.path.with_name(f"{self.path.name}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("w", encoding="utf-8") as file:
                json.dump(value, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
        except OSError as error:
            raise UnreadableError(
                f"无法写入状态文件 {self.path}：{error}", f"the state {self.path}: {error}"
            ) from error


def load_memory(path: Path) -> Memory:
    """Read what is remembered; nothing, where there is no file yet.

    Raises:
        UnreadableError: the file is not one of ours. It is left alone: it may be evidence.
    """
    try:
        value = parse_json(path.read_bytes(), max_bytes=MAX_STATE_BYTES, allow_floats=False)
        memory = _memory_of(path, value)
    except FileNotFoundError:
        return Memory(path)
    except (OSError, ValueError) as error:
        raise UnreadableError(
            f"状态文件 {path} 无法读取：{error}。移走该文件即从头记起。",
            f"the state {path} cannot be read: {error}. Move it away to begin anew.",
        ) from error
    return memory


def _memory_of(path: Path, value: JsonValue) -> Memory:
    members = _object(value)
    if members.get("v") != STATE_VERSION:
        raise ValueError("a state of another version")
    logs = {origin: _log_of(log) for origin, log in _object(members.get("logs")).items()}
    addresses = _object(members.get("addresses")).items()
    return Memory(path, logs, {address: _text(origin) for address, origin in addresses})


def _log_of(value: JsonValue) -> LogMemory:
    members = _object(value)
    keys = members.get("keys")
    if not isinstance(keys, list):
        raise ValueError("keys are a list")  # noqa: TRY004  a malformed file
    return LogMemory(
        keys=tuple(parse_verifier_key(_text(key)) for key in keys),
        last=_reached_of(members.get("last")),
        run=_reached_of(members.get("run")),
    )


def _reached_of(value: JsonValue) -> Reached | None:
    if value is None:
        return None
    members = _object(value)
    note, frontier = _text(members.get("note")).encode(), read_frontier(members.get("frontier"))
    reached = Reached(note=note, frontier=frontier, bodies=members.get("bodies") is True)
    if reached.checkpoint.size < frontier.size:
        raise ValueError("a frontier beyond its checkpoint")
    return reached


def _log_to_json(log: LogMemory) -> JsonValue:
    return {
        "keys": [key.text() for key in log.keys],
        "last": _reached_to_json(log.last),
        "run": _reached_to_json(log.run),
    }


def _reached_to_json(reached: Reached | None) -> JsonValue:
    if reached is None:
        return None
    return {
        "note": reached.note.decode(),
        "frontier": reached.frontier.to_json(),
        "bodies": reached.bodies,
    }


def _object(value: JsonValue) -> dict[str, JsonValue]:
    if not isinstance(value, dict):
        raise ValueError("an object is missing")  # noqa: TRY004  a malformed file
    return value


def _text(value: JsonValue) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")  # noqa: TRY004  a malformed file
    return value
