"""What a check asks so that somebody looks, with what was seen of it so far."""

from dataclasses import dataclass
from uuid import UUID

from waybill.registry.kinds import PlateColour, TagPoint
from waybill.registry.labels import label_of
from waybill.registry.looking import LookKind, TagSeen
from waybill.rules.asking import AskedPhoto
from waybill.rules.evidence import EvidenceItem, PhotoItem
from waybill.rules.looking import Why, control_text, find_photo_to_take
from waybill.storage.gather import Gathered
from waybill.storage.looking_records import (
    AskedControl,
    LookingRecord,
    LookRecord,
    PresenceTagRecord,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that can be chosen, and how it reads."""

    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlQuestion:
    """A control question; `answered` is what was chosen last, the hint said after a wrong one."""

    id: str
    zh: str
    en: str
    choices: tuple[Choice, ...]
    answered: str | None
    correct: bool | None
    hint_zh: str
    hint_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagToScan:
    """A tag that hangs at the check's bay, and whether it was scanned in the check."""

    id: UUID
    point: TagPoint
    label: str
    zh: str
    en: str
    seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """All that a check asks beside law and plant. None of it is ever waited for."""

    photos: tuple[AskedPhoto, ...] = ()
    controls: tuple[ControlQuestion, ...] = ()
    tags: tuple[TagToScan, ...] = ()


def looks_of(gathered: Gathered, items: tuple[EvidenceItem, ...]) -> Looks:
    """Return what a check asks, from its one read and its evidence."""
    looks = gathered.all(LookRecord)
    tags = tuple(tag_to_scan(tag, looks) for tag in gathered.all(PresenceTagRecord))
    found = gathered.first(LookingRecord)
    if found is None:
        return Looks(tags=tags)
    return Looks(
        photos=asked_photos_of(found, items),
        controls=tuple(
            control_question(each, _newest(looks, each.id), edition=found.edition)
            for each in found.controls
        ),
        tags=tags,
    )


def asked_photos_of(
    found: LookingRecord, items: tuple[EvidenceItem, ...]
) -> tuple[AskedPhoto, ...]:
    """Return the photos that risk and chance ask for, and whether they were taken."""
    taken = {item.shows for item in items if isinstance(item, PhotoItem)}
    photos = []
    for asked in found.photos:
        photo = find_photo_to_take(asked["shows"], found.edition)
        if photo is not None:
            photos.append(
                AskedPhoto(
                    shows=photo.shows,
                    zh=photo.zh,
                    en=photo.en,
                    taken=photo.shows in taken,
                    phase=photo.phase,
                    why=Why(asked["why"]),
                )
            )
    return tuple(photos)


def control_question(asked: AskedControl, given: str | None, *, edition: str) -> ControlQuestion:
    """Return a control question with its words, and what was answered last."""
    words = control_text(asked.id, edition)
    wrong = given is not None and given != asked.right
    return ControlQuestion(
        id=asked.id,
        zh=words.zh,
        en=words.en,
        choices=tuple(map(_choice, asked.choices)),
        answered=given,
        correct=None if given is None else not wrong,
        hint_zh=words.hint_zh if wrong else "",
        hint_en=words.hint_en if wrong else "",
    )


def tag_to_scan(tag: PresenceTagRecord, looks: list[LookRecord]) -> TagToScan:
    """Return a tag with its words, and whether it was scanned."""
    point = label_of(tag.point)
    return TagToScan(
        id=tag.id,
        point=tag.point,
        label=tag.label,
        zh=f"{point.zh} {tag.label}".strip(),
        en=f"{point.en} {tag.label}".strip(),
        seen=any(each.name == str(tag.id) and each.seen is TagSeen.HERE for each in looks),
    )


def _newest(looks: list[LookRecord], question: str) -> str | None:
    given = [look for look in looks if look.kind is LookKind.CONTROL and look.name == question]
    return max(given, key=lambda look: look.id).answer if given else None


def _choice(value: str) -> Choice:
    if value in set(PlateColour):
        label = label_of(PlateColour(value))
        return Choice(value=value, zh=label.zh, en=label.en)
    return Choice(value=value, zh=value, en=value)
