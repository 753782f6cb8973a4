"""A presence tag that was scanned in a check: which, where it belongs, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.registry.access import Actor
from waybill.registry.kinds import ItemStatus, TagPoint
from waybill.registry.labels import label_of
from waybill.registry.looking import LookKind, TagSeen
from waybill.services.checks.told import Told, told_data
from waybill.services.looking.codes import read_tag_code
from waybill.services.looking.keys import LookingKey
from waybill.services.looking.looks import Found, Look, moment_of, read_looked, write_look
from waybill.services.looking.timing import took_ms
from waybill.storage.events import (
    EventKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTag:
    """How a tag was found; `bay_name` is where it belongs, empty for one that nobody knows."""

    seen: TagSeen
    at: datetime
    tag_id: UUID | None = None
    point: TagPoint | None = None
    label: str = ""
    bay_name: str = ""

    @property
    def zh(self) -> str:
        """What the bay is told."""
        return _TOLD[self.seen][0].format(place=self._place("zh"), bay=self.bay_name)

    @property
    def en(self) -> str:
        """What the bay is told, in English."""
        return _TOLD[self.seen][1].format(place=self._place("en"), bay=self.bay_name)

    def _place(self, language: str) -> str:
        if self.point is None:
            return ""
        words = label_of(self.point)
        return f"{words.zh if language == 'zh' else words.en} {self.label}".strip()


_TOLD: Final = {
    TagSeen.HERE: ("已到位：{place}", "You are there: {place}"),
    TagSeen.OTHER_BAY: (
        "这是“{bay}”的标签（{place}），不是本装货位的。请到本装货位的检查点扫描。",
        "This tag belongs to {bay} ({place}), not to this bay. Scan the one at this bay.",
    ),
    TagSeen.RETIRED: (
        "这张标签已停用（{place}）。请告知装卸管理人员更换。",
        "This tag is retired ({place}). Tell a loading supervisor to replace it.",
    ),
    TagSeen.UNKNOWN: (
        "不是本系统的到位标签。",
        "This is no presence tag of this installation.",
    ),
}


def scan_presence_tag(
    session: Session,
    actor: Actor,
    check_id: UUID,
    text: str,
    *,
    looking: LookingKey,
    clock: Clock,
    at: datetime | None = None,
    shown_at: datetime | None = None,
    told: Told | None = None,
) -> SeenTag:
    """Keep that a tag was scanned in a check: which, where it belongs, and when.

    A tag of another bay is kept and told like one of this bay. `at` is when it was scanned, if the
    tablet says; a moment that lies ahead becomes now. `told` is of one scanned without network.

    Raises:
        NotFoundError: there is no such check at the actor's organisation.
        StateError: the vehicle was released already.
    """
    now = clock.now()
    moment = moment_of(at, now)
    found = read_looked(session, actor, check_id, read_tag_code(looking.tag, text))
    seen = _seen(found, moment)
    data: dict[str, JsonValue] = {
        "tag": str(seen.tag_id) if seen.tag_id else None,
        "seen": seen.seen.value,
        "at": moment.isoformat(timespec="milliseconds"),
        **told_data(told),
    }
    look = Look(
        kind=EventKind.PRESENCE_TAG_SCANNED,
        at=moment,
        columns={
            "kind": LookKind.TAG,
            "name": str(seen.tag_id or ""),
            "seen": seen.seen,
            "took_ms": took_ms(shown_at, moment),
        },
        data=data,
    )
    write_look(session, actor, found.check, look, now=now)
    return seen


def _seen(found: Found, at: datetime) -> SeenTag:
    tag = found.tag
    if tag is None:
        return SeenTag(seen=TagSeen.UNKNOWN, at=at)
    here = TagSeen.HERE if tag.bay_id == found.check.bay_id else TagSeen.OTHER_BAY
    return SeenTag(
        seen=TagSeen.RETIRED if tag.status is ItemStatus.RETIRED else here,
        at=at,
        tag_id=tag.id,
        point=tag.point,
        label=tag.label,
        bay_name=found.tag_bay,
    )
