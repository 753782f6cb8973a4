"""What a witness tells of the logs it follows: for people and programs, and for Prometheus."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from waybill.codec import JsonValue
from waybill.witness.cosigning import Witness
from waybill.witness.store import Alarm, Newest


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """What is known of one log."""

    newest: Newest
    alarms: Mapping[Alarm, tuple[datetime, str]]
    evidence: int


def states(witness: Witness) -> list[LogState]:
    """Return what is known of each log, in the configuration's order."""
    with witness.store.reading() as ledger:
        return [
            LogState(
                newest=ledger.newest(origin),
                alarms=ledger.alarms(origin),
                evidence=len(ledger.evidence(origin)),
            )
            for origin in witness.logs
        ]


def state_document(witness: Witness) -> list[JsonValue]:
    """Return the same as JSON."""
    return [
        {
            "origin": log.newest.origin,
            "size": log.newest.size,
            "root": base64.b64encode(log.newest.root).decode(),
            "checkpoint": log.newest.note.decode(),
            "followed_at": _text(log.newest.followed_at),
            "cosigned_at": _text(log.newest.cosigned_at),
            "grown_at": _text(log.newest.grown_at),
            "looked_at": _text(log.newest.looked_at),
            "trouble": log.newest.trouble,
            "alarms": [
                {"kind": kind.value, "since": _text(since), "detail": detail}
                for kind, (since, detail) in log.alarms.items()
            ],
            "evidence": log.evidence,
        }
        for log in states(witness)
    ]


def evidence_document(witness: Witness, origin: str) -> list[JsonValue]:
    """Return what was kept of a log, with both notes as they were signed."""
    with witness.store.reading() as ledger:
        return [
            {
                "kind": evidence.kind.value,
                "kept_at": _text(evidence.kept_at),
                "ours": evidence.ours.decode(),
                "shown": evidence.shown.decode(),
                "proof": [base64.b64encode(found).decode() for found in evidence.proof],
            }
            for evidence in ledger.evidence(origin)
        ]


def metrics_text(witness: Witness, answers: Mapping[int, int]) -> str:
    """Return sizes, times and alarms in Prometheus's text form."""
    return "\n".join([*_log_lines(witness), *_answer_lines(answers), ""])


def _log_lines(witness: Witness) -> Iterator[str]:
    size, grown, looked, alarm = [], [], [], []
    for log in states(witness):
        origin, newest = _escape(log.newest.origin), log.newest
        label = f'{{origin="{origin}"}}'
        size.append(f"waybill_witness_log_size{label} {newest.size}")
        grown.append(f"waybill_witness_log_grown_seconds{label} {_unix(newest.grown_at)}")
        looked.append(f"waybill_witness_log_looked_seconds{label} {_unix(newest.looked_at)}")
        alarm += [
            f'waybill_witness_alarm{{origin="{origin}",kind="{kind.value}"}} '
            f"{int(kind in log.alarms)}"
            for kind in Alarm
        ]
    yield from _metric("waybill_witness_log_size", "gauge", "Entries cosigned.", size)
    yield from _metric(
        "waybill_witness_log_grown_seconds", "gauge", "When it last grew, Unix time.", grown
    )
    yield from _metric(
        "waybill_witness_log_looked_seconds", "gauge", "When it was last read, Unix time.", looked
    )
    yield from _metric("waybill_witness_alarm", "gauge", "1 while an alarm stands.", alarm)


def _answer_lines(answers: Mapping[int, int]) -> Iterator[str]:
    name = "waybill_witness_answers_total"
    lines = [f'{name}{{status="{status}"}} {count}' for status, count in sorted(answers.items())]
    yield from _metric(name, "counter", "Submissions answered.", lines)


def _metric(name: str, kind: str, what: str, lines: list[str]) -> Iterator[str]:
    yield from (f"# HELP {name} {what}", f"# TYPE {name} {kind}", *lines)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _unix(moment: datetime | None) -> int:
    return 0 if moment is None else int(moment.timestamp())
