"""Items of a plant and photos in the database: gathered with a check, refused where impossible."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.codec import parse_json
from waybill.registry.kinds import AskedOf
from waybill.registry.plant_items import PlantItem, PlantItemParticulars
from waybill.rules.evidence import MAX_PHOTO_BYTES, AnswerItem, Photo
from waybill.rules.facts import PlantItemFacts
from waybill.rules.finding import Phase
from waybill.services.checks.evidence import add_evidence
from waybill.services.checks.queries import CheckView, get_check
from waybill.services.checks.reading import CHECK_LIFETIME
from waybill.services.plant_items import add_plant_item, change_plant_item, retire_plant_item
from waybill.storage.log import EventRow
from waybill.storage.plant_items import PlantItemRow
from waybill.storage.registry import FacilityRow


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Line(yard=yard, clock=clock)


def added(session: Session, line: Line, **changes: object) -> PlantItem:
    """Let the plant ask something."""
    stated: dict[str, object] = {
        "question_zh": "鹤位正确？",
        "question_en": "Right arm?",
        **changes,
    }
    return add_plant_item(
        session,
        line.yard.actor("supervisor"),
        line.yard.facility_id,
        PlantItemParticulars(**stated),  # type: ignore[arg-type]  # the test's own changes
        clock=line.clock,
    )


def opened(session: Session, line: Line) -> CheckView:
    """Open a check of a clean trip."""
    check_id = line.open(session, line.issued(session).qr_text).check_id
    assert check_id is not None
    loader = line.yard.actor("loader")
    return get_check(session, loader, check_id, keys=line.keys, clock=line.clock)


def test_a_check_gathers_what_its_facility_asks_when_it_is_opened(
    session: Session, line: Line
) -> None:
    first = added(session, line, photo=True)
    second = added(session, line, after_loading=True, stops=False)
    gone = added(session, line)
    supervisor, place = line.yard.actor("supervisor"), line.yard.facility_id
    retire_plant_item(session, supervisor, (place, gone.id), expected_version=1, clock=line.clock)
    elsewhere = FacilityRow(
        organisation_id=supervisor.organisation_id,
        created_at=line.clock.now(),
        name="二号装车台",
        area_code="320800",
        address="淮安市盐化工园区 2 号",
    )
    session.add(elsewhere)
    session.flush()
    add_plant_item(
        session,
        supervisor,
        elsewhere.id,
        PlantItemParticulars(question_zh="别处？", question_en="Elsewhere?"),
        clock=line.clock,
    )

    facts = opened(session, line).facts

    assert facts.plant_items == (
        PlantItemFacts(
            id=str(first.id),
            version=1,
            phase=Phase.BEFORE_LOADING,
            question_zh="鹤位正确？",
            question_en="Right arm?",
            photo=True,
            stops=True,
        ),
        PlantItemFacts(
            id=str(second.id),
            version=1,
            phase=Phase.AFTER_LOADING,
            question_zh="鹤位正确？",
            question_en="Right arm?",
            photo=False,
            stops=False,
        ),
    )


def changed(session: Session, line: Line, item: PlantItem) -> None:
    """Let the plant only advise what it stopped for, and let anybody answer it."""
    change_plant_item(
        session,
        line.yard.actor("supervisor"),
        (line.yard.facility_id, item.id),
        PlantItemParticulars(question_zh="改了？", question_en="Changed?", stops=False),
        expected_version=1,
        clock=line.clock,
    )


def retired(session: Session, line: Line, item: PlantItem) -> None:
    """Let the plant ask an item no longer."""
    retire_plant_item(
        session,
        line.yard.actor("supervisor"),
        (line.yard.facility_id, item.id),
        expected_version=1,
        clock=line.clock,
    )


@pytest.mark.parametrize("act", [changed, retired])
def test_an_open_check_asks_on_what_it_asked_when_it_was_opened(
    session: Session, line: Line, act: Callable[[Session, Line, PlantItem], None]
) -> None:
    item = added(session, line, asked_of=AskedOf.SUPERVISOR)
    before = opened(session, line)

    act(session, line, item)
    added(session, line)

    after = get_check(
        session, line.yard.actor("loader"), before.summary.id, keys=line.keys, clock=line.clock
    )
    assert [found.version for found in after.facts.plant_items] == [1]
    assert after.facts.plant_items == before.facts.plant_items
    assert after.supervised == before.supervised == frozenset({str(item.id)})


def test_the_log_names_the_versions_that_a_check_asks(session: Session, line: Line) -> None:
    first, second = added(session, line), added(session, line)
    changed(session, line, second)

    opened(session, line)

    row = session.scalars(select(EventRow).where(EventRow.kind == "check-opened")).one()
    body: Any = parse_json(row.body)
    assert body["data"]["plant_items"] == [
        {"id": str(first.id), "version": 1},
        {"id": str(second.id), "version": 2},
    ]


LONGER = CHECK_LIFETIME + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("act", "later", "versions"),
    [
        pytest.param(changed, CHECK_LIFETIME, [1, 1], id="changed, while the first check stands"),
        pytest.param(retired, CHECK_LIFETIME, [1, 1], id="retired, while the first check stands"),
        pytest.param(changed, LONGER, [2, 1], id="changed, and the first check is too old"),
        pytest.param(retired, LONGER, [1], id="retired, and the first check is too old"),
    ],
)
def test_opening_a_check_anew_is_rid_of_nothing(
    session: Session,
    line: Line,
    clock: FixedClock,
    *,
    act: Callable[[Session, Line, PlantItem], None],
    later: timedelta,
    versions: list[int],
) -> None:
    item = added(session, line)
    text = line.issued(session).qr_text
    line.open(session, text)
    act(session, line, item)
    added(session, line)
    clock.advance(later)

    check_id = line.open(session, text).check_id

    assert check_id is not None
    loader = line.yard.actor("loader")
    found = get_check(session, loader, check_id, keys=line.keys, clock=clock).facts.plant_items
    assert [each.version for each in found] == versions


def test_another_waybill_is_asked_what_the_plant_asks_now(session: Session, line: Line) -> None:
    item = added(session, line)
    opened(session, line)
    retired(session, line, item)

    assert opened(session, line).facts.plant_items == ()


def test_a_verdict_keeps_the_version_that_it_judged_by(session: Session, line: Line) -> None:
    item = added(session, line)
    stored = opened(session, line).standing.facts

    changed(session, line, item)

    assert "鹤位正确".encode() in stored
    assert [found.version for found in opened(session, line).facts.plant_items] == [2]


@pytest.mark.parametrize(
    "phase",
    [
        pytest.param(Phase.ISSUE, id="asked in the office"),
        pytest.param(Phase.ROADSIDE, id="asked on the road"),
    ],
)
def test_an_item_that_no_bay_asks_is_impossible(session: Session, line: Line, phase: Phase) -> None:
    session.add(
        PlantItemRow(
            facility_id=line.yard.facility_id,
            created_at=line.clock.now(),
            created_by=line.yard.actor("supervisor").user_id,
            question_zh="？",
            question_en="?",
            phase=phase,
        )
    )

    with pytest.raises(IntegrityError, match="asked_at_the_bay"):
        session.flush()


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        pytest.param(MAX_PHOTO_BYTES, True, id="exactly 1 MiB"),
        pytest.param(MAX_PHOTO_BYTES + 1, False, id="one byte more"),
    ],
)
def test_a_photo_has_its_limit(
    session: Session,
    line: Line,
    size: int,
    kept: bool,  # noqa: FBT001  a truth to compare with
) -> None:
    check_id = opened(session, line).summary.id
    photo = Photo(content=b"x" * size, media_type="image/jpeg", sha256="0" * 64)

    if kept:
        line.photograph(session, check_id, "orange_plates", photo)
    else:
        with pytest.raises(DBAPIError, match="content_length"):
            line.photograph(session, check_id, "orange_plates", photo)


def test_a_photo_is_kept_with_its_own_evidence_alone(session: Session, line: Line) -> None:
    view = opened(session, line)
    photo = Photo(content=b"x", media_type="image/jpeg", sha256="0" * 64)
    item = AnswerItem(question="ppe", answer="yes", at=line.clock.now())

    with pytest.raises(TypeError, match="its own evidence"):
        add_evidence(
            session,
            line.yard.actor("loader"),
            view.summary.id,
            item,
            keys=line.keys,
            clock=line.clock,
            photo=photo,
        )
