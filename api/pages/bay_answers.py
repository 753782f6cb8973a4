"""The hand-over at the bay: signs as they must be seen, yes or no, photos, and overrides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Literal
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from api.auth import accepts_uploads, actor, requires
from api.bay import asked_of, phase_of, photos_of, signs_of
from api.language import say
from api.page_forms import FormReader
from api.pages.layout import key_ring, submit
from api.rendering.placards import orange_plate_svg, placard_svg
from api.runtime import runtime
from api.transactions import reading, transaction
from scanners.checklist import StepKind, step_of_code
from scanners.frames import FrameError
from scanners.photos import keep_photo
from waybill.registry.access import Actor, Permission, Role
from waybill.registry.looking import TagSeen
from waybill.rules.asking import Asked, AskedPhoto
from waybill.rules.evidence import AnswerItem, OverrideItem, Photo, PhotoItem
from waybill.rules.lifecycle import CheckStatus
from waybill.rules.looking import Why
from waybill.services.checks.evidence import add_evidence
from waybill.services.checks.queries import CheckView, get_check
from waybill.services.looking.reading import Looks
from waybill.services.waybills.queries import get_waybill

ANSWERS: Final[Mapping[str, Literal["yes", "no"]]] = {"yes": "yes", "no": "no"}
GROUPS: Final = (
    StepKind.SIGNS,
    StepKind.CLOSING_LIST,
    StepKind.PAPERS,
    StepKind.PLANT_ITEMS,
)
"""In the order of the page; what the table of steps does not know stands with the list."""
WAITED_BY_NOBODY: Final = frozenset({Why.RISK, Why.RANDOM})

blueprint = Blueprint("bay_answers", __name__, url_prefix="/bay/checks/<uuid:check_id>/hand-over")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A sign as it is seen, and what it says."""

    picture: Markup
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What a page asks of a check: questions by group, photos, signs, and who may answer what."""

    groups: Sequence[tuple[StepKind, Sequence[Asked]]]
    photos: Sequence[AskedPhoto]
    plates: Sequence[Drawn]
    placards: Sequence[Drawn]
    marks: Sequence[str]
    supervised: frozenset[str]
    looks: Looks
    may_answer: bool
    may_override: bool

    @property
    def looks_open(self) -> int:
        """How much of what is asked so that somebody looks was not done; nothing waits for it."""
        wanted = [photo.taken for photo in self.photos if photo.why in WAITED_BY_NOBODY]
        answered = [asked.correct is not None for asked in self.looks.controls]
        return [*wanted, *answered, *(tag.seen for tag in self.looks.tags)].count(False)

    @property
    def open(self) -> int:
        """How much of it has no answer that counts."""
        return sum(is_open(asked) for _, group in self.groups for asked in group)


def is_open(asked: Asked) -> bool:
    """Whether somebody still has to answer, or to put right."""
    done = asked.answer is True and (asked.photo_taken or not asked.photo)
    return not done and not asked.overridden


@blueprint.get("")
@requires(Permission.READ_CHECK)
def show(check_id: UUID) -> ResponseReturnValue:
    """Ask what is asked at the check's stage."""
    return hand_over_page(check_id, {})


@blueprint.post("")
@requires(Permission.CHECK_LOADING)
def answer(check_id: UUID) -> ResponseReturnValue:
    """Keep every answer that was given or changed."""

    def act() -> str:
        keep_answers(check_id, request.form)
        return url_for("bay_answers.show", check_id=check_id, done="saved")

    return submit(act, lambda messages: hand_over_page(check_id, messages))


def keep_answers(check_id: UUID, form: "MultiDict[str, str]") -> None:
    """Keep what a form answers and the check does not know yet."""
    known = {asked.id: asked.answer for asked in asked_of(_view(check_id))}
    for question, before in known.items():
        given = ANSWERS.get(form.get(f"answer-{question}", ""))
        if given is not None and (given == "yes") is not before:
            item = AnswerItem(question=question, answer=given, at=runtime().clock.now())
            _add(check_id, item)


@blueprint.post("/photos")
@requires(Permission.CHECK_LOADING)
@accepts_uploads
def photograph(check_id: UUID) -> ResponseReturnValue:
    """Keep a photo."""
    shows = request.form.get("shows", "")
    upload = request.files.get("picture")
    try:
        photo = keep_photo(upload.read() if upload else b"")
    except FrameError as error:
        words = {f"photo-{shows}": say(error.message_zh, error.message_en)}
        return hand_over_page(check_id, words), HTTPStatus.UNPROCESSABLE_ENTITY

    def act() -> str:
        item = PhotoItem(shows=shows, sha256=photo.sha256, at=runtime().clock.now())
        _add(check_id, item, photo=photo)
        return url_for("bay_answers.show", check_id=check_id, done="saved")

    def failed(messages: Mapping[str, str]) -> str:
        said = {f"photo-{shows}" if n == "picture" else n: m for n, m in messages.items()}
        return hand_over_page(check_id, said)

    return submit(act, failed)


@blueprint.post("/overrides")
@requires(Permission.OVERRIDE_PLANT_ITEM)
def override(check_id: UUID) -> ResponseReturnValue:
    """Let an item of the plant pass, with the reason; it takes two accounts."""

    def act() -> str:
        reader = FormReader(form=request.form)
        reason, item = reader.text("reason", required=True), reader.text("item")
        reader.settle()
        at = runtime().clock.now()
        _add(check_id, OverrideItem(item=item, by="", reason=reason, at=at))
        return url_for("bay_answers.show", check_id=check_id, done="saved")

    return submit(act, lambda messages: hand_over_page(check_id, messages))


def _add(
    check_id: UUID, item: AnswerItem | PhotoItem | OverrideItem, *, photo: Photo | None = None
) -> None:
    with transaction() as session:
        add_evidence(
            session,
            actor(),
            check_id,
            item,
            keys=key_ring(),
            clock=runtime().clock,
            photo=photo,
        )


def hand_over_of(view: CheckView, who: Actor) -> HandOver:
    """Return what a page asks of a check at its stage."""
    signs = signs_of(view.facts)
    return HandOver(
        groups=_grouped(asked_of(view)),
        photos=_photos(view),
        plates=[
            Drawn(
                picture=Markup(  # noqa: S704  drawn by us, with what is the waybill's escaped
                    orange_plate_svg(plate.hazard_identification_number, plate.un_number)
                ),
                words=", ".join(str(number) for number in plate.compartments),
            )
            for plate in signs.plates
        ],
        placards=[
            Drawn(
                picture=Markup(placard_svg(sign.label, division=sign.division)),  # noqa: S704  as above
                words=sign.text,
            )
            for sign in signs.placards
        ],
        marks=[mark.value for mark in signs.marks],
        looks=view.looks,
        supervised=frozenset() if who.role is Role.SUPERVISOR else view.supervised,
        may_answer=Permission.CHECK_LOADING in who.permissions and _stands_open(view),
        may_override=Permission.OVERRIDE_PLANT_ITEM in who.permissions and _stands_open(view),
    )


def _photos(view: CheckView) -> list[AskedPhoto]:
    """Return the photos to take now: the law's once cleared, what a look wants at its stage."""
    phase = phase_of(view)
    return [
        photo
        for photo in photos_of(view)
        if (photo.why is Why.LAW and view.summary.status is CheckStatus.CLEARED)
        or (photo.why in WAITED_BY_NOBODY and photo.phase is phase)
    ]


def _grouped(asked: Sequence[Asked]) -> list[tuple[StepKind, Sequence[Asked]]]:
    by_group: dict[StepKind, list[Asked]] = {group: [] for group in GROUPS}
    for each in asked:
        group = step_of_code(each.rule) if each.rule else StepKind.PLANT_ITEMS
        by_group[group if group in by_group else StepKind.CLOSING_LIST].append(each)
    return [(group, found) for group, found in by_group.items() if found]


def _stands_open(view: CheckView) -> bool:
    return view.summary.status is not CheckStatus.RELEASED


def _view(check_id: UUID) -> CheckView:
    with reading() as session:
        return get_check(session, actor(), check_id, keys=key_ring(), clock=runtime().clock)


def hand_over_page(check_id: UUID, messages: Mapping[str, str]) -> str:
    """Return the page of the hand-over, with what a form has to say."""
    view, who = _view(check_id), actor()
    with reading() as session:
        waybill = get_waybill(session, who, view.summary.waybill_id)
    return render_template(
        "bay/hand_over.html",
        view=view,
        waybill=waybill,
        hand_over=hand_over_of(view, who),
        messages=messages,
        values=request.form,
        me=str(who.user_id),
        tag_seen=_tag_seen(),
        cleared=view.summary.status is CheckStatus.CLEARED,
    )


def _tag_seen() -> str:
    """Return how the tag was found that was just scanned, nothing where none was."""
    word = request.args.get("tag", "")
    return word if word in set(TagSeen) else ""
