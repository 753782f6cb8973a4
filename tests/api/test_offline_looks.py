"""Photos, control questions and tags of a check without network: asked, sealed, and drawn again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.bay import API, Bay, answer
from tests.harness.offline_tablet import Tablet
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.registry.access import Role
from waybill.services.looking.asking import redraw
from waybill.services.looking.coaching import Looked, coach
from waybill.services.looking.codes import tag_code
from waybill.services.looking.keys import LookingKey
from waybill.storage.looking import CheckLookingRow, CheckLookRow
from waybill.storage.looking_records import AskedControl

HOUR = timedelta(hours=1)


@pytest.fixture
def tablet(bay: Bay, runtime: Runtime) -> Tablet:
    """A tablet of the plant with a supervisor signed on."""
    return Tablet(bay=bay, sessions=runtime.sessions, settings=runtime.settings).enrol()


@pytest.fixture
def waybill(bay: Bay, clock: FixedClock) -> dict[str, Any]:
    """A waybill that was signed two hours before now."""
    clock.advance(-2 * HOUR)
    made = bay.issued()
    clock.advance(2 * HOUR)
    return made


@pytest.fixture
def key(tablet: Tablet) -> LookingKey:
    """The key of the installation."""
    return LookingKey.of(tablet.settings.pii_index_key)


def bundle(tablet: Tablet) -> dict[str, Any]:
    """Return what the tablet keeps."""
    response = tablet.bay.client.get(f"{API}/tablet/bundle", headers=tablet.assertion())
    return answer(response, 200)


def looks(tablet: Tablet) -> dict[str, Any]:
    """Return what the tablet was told to ask of the one waybill that it expects."""
    (arrival,) = bundle(tablet)["arrivals"]
    told: dict[str, Any] = arrival["looks"]
    return told


def hang(bay: Bay) -> UUID:
    """Hang a tag at the bay and return its id."""
    body = {"bay_id": str(bay.line.yard.bay_id), "point": "valve_box", "label": "东侧"}
    path = f"/facilities/{bay.line.yard.facility_id}/presence-tags"
    return UUID(answer(bay.post(path, body, Role.SUPERVISOR), 201)["id"])


def look(tablet: Tablet, kind: str, **members: object) -> dict[str, object]:
    """Return a look as a record tells it, seen four seconds after it was shown."""
    ago = timedelta(minutes=63)
    shown_at = tablet.told(ago + timedelta(seconds=4))
    return {
        "type": kind, "id": str(new_id()), "at": tablet.told(ago), "shown_at": shown_at, **members,
    }  # fmt: skip


def sent(tablet: Tablet, waybill: dict[str, Any], *more: object, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    """Send the record of a clean trip with looks in it, and return the answer."""
    record = tablet.record(waybill["qr_text"], **changes)
    return tablet.sent(record | {"evidence": [*more, *record["evidence"]]})


def asked(database: Session) -> CheckLookingRow:
    """Return what the one check asks."""
    return database.scalars(select(CheckLookingRow)).one()


def looked(database: Session, tablet: Tablet) -> Looked:
    """Return what the coaching page knows of the one check."""
    yard = tablet.bay.line.yard
    since = tablet.now - timedelta(days=1)
    (person,) = coach(
        database, yard.actor("supervisor"), yard.facility_id, since=since, until=tablet.now
    ).people
    (check,) = person.checks
    return check


class TestTold:
    """What a tablet is told to ask before there is a check."""

    def test_a_check_without_network_asks_what_a_check_with_it_does(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any]
    ) -> None:
        told = looks(tablet)
        check = bay.check(bay.opened(waybill["qr_text"]))

        online = [photo for photo in check["photos"] if photo["why"] in {"risk", "random"}]
        assert told["photos"] == online
        assert told["control_questions"] == check["control_questions"]

    @pytest.mark.usefixtures("waybill")
    def test_the_right_answers_stay_with_the_server(self, tablet: Tablet) -> None:
        for question in looks(tablet)["control_questions"]:
            assert (question["correct"], question["hint_zh"], question["hint_en"]) == (None, "", "")
            assert "right" not in question

    def test_the_tags_of_each_bay(self, bay: Bay, tablet: Tablet) -> None:
        tag_id = hang(bay)

        assert bundle(tablet)["presence_tags"] == [
            {
                "id": str(tag_id), "bay_id": str(bay.line.yard.bay_id), "point": "valve_box",
                "label": "东侧", "zh": "阀门箱 东侧", "en": "valve box 东侧", "seen": False,
            }
        ]  # fmt: skip


class TestAsked:
    """The server keeps what the tablet showed, and draws it again from the record alone."""

    def test_what_was_told_is_what_was_asked(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session, key: LookingKey
    ) -> None:
        told = looks(tablet)

        answered = sent(tablet, waybill, looks=told["seal"])

        kept = asked(database)
        assert answered["state"] == "accepted"
        assert [each["shows"] for each in kept.photos] == [p["shows"] for p in told["photos"]]
        assert [each["id"] for each in kept.controls] == [
            question["id"] for question in told["control_questions"]
        ]
        assert redraw(database, kept.check_id, key).same

    @pytest.mark.parametrize(
        "seal",
        [
            pytest.param(None, id="nothing was told"),
            pytest.param("2026-11-27.0.AAAAAAAAAAAAAAAAAAAAAA", id="of its own making"),
        ],
    )
    def test_nothing_is_held_against_a_tablet_that_was_told_nothing(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session, seal: str | None
    ) -> None:
        answered = sent(tablet, waybill, looks=seal)

        assert answered["state"] == "accepted"
        assert database.scalars(select(CheckLookingRow)).all() == []


class TestKept:
    """Tags and control answers of a record are kept like those that come online."""

    def test_the_coaching_page_shows_them(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any], database: Session, key: LookingKey
    ) -> None:
        tag_id = hang(bay)
        told = looks(tablet)
        first, second = told["control_questions"]
        before = [photo for photo in told["photos"] if photo["phase"] == "before_loading"]

        answered = sent(
            tablet,
            waybill,
            look(tablet, "presence_tag", text=tag_code(key.tag, tag_id)),
            look(tablet, "control", question=first["id"], answer=first["choices"][0]["value"]),
            look(tablet, "control", question=second["id"], answer=second["choices"][0]["value"]),
            *(
                look(tablet, "photo", shows=photo["shows"], sha256=f"{number:02x}" * 32)
                for number, photo in enumerate(before)
            ),
            looks=told["seal"],
        )

        found = looked(database, tablet)
        assert answered["state"] == "accepted"
        assert (found.tags_asked, found.tags_seen) == (1, 1)
        assert (found.controls_asked, found.controls_answered) == (2, 2)
        assert (found.photos_asked, found.photos_given) == (len(told["photos"]), len(before))
        assert found.times_ms == [4000] * (3 + len(before))
        assert found.one_breath == ()

    def test_a_wrong_answer_is_counted_and_stops_nothing(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        told = looks(tablet)
        sent(tablet, waybill, looks=told["seal"])
        question = msgspec.convert(asked(database).controls[0], AskedControl)
        wrong = next(each for each in question.choices if each != question.right)
        check_id = asked(database).check_id
        other = look(tablet, "control", question=question.id, answer=wrong)

        answered = sent(tablet, waybill, other, check_id=str(check_id))

        found = looked(database, tablet)
        assert answered["state"] == "accepted"
        assert (found.controls_answered, found.controls_right) == (1, 0)

    def test_what_is_not_asked_or_unknown_speaks_against_nothing(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        answered = sent(
            tablet,
            waybill,
            look(tablet, "presence_tag", text="WBP1.NOBODY"),
            look(tablet, "control", question="un_number", answer="0000"),
            look(tablet, "photo", shows="asked_by_an_edition_that_is_over", sha256="ab" * 32),
        )

        (kept,) = database.scalars(select(CheckLookRow)).all()
        assert answered["state"] == "accepted"
        assert kept.seen is not None
        assert kept.seen.value == "unknown"

    def test_one_that_was_sent_online_is_not_doubled(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        check_id = bay.opened(waybill["qr_text"])
        tag = look(tablet, "presence_tag", text="WBP1.NOBODY")
        path, key = f"/checks/{check_id}/presence-tags", {"Idempotency_Key": str(tag["id"])}
        answer(bay.post(path, {"text": tag["text"]}, Role.SUPERVISOR, **key), 201)

        sent(tablet, waybill, tag, check_id=check_id)

        assert len(database.scalars(select(CheckLookRow)).all()) == 1
