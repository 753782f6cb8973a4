"""Items of a plant and photos in the database: gathered with a check, refused where impossible."""

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.registry.plant_items import PlantItem, PlantItemParticulars
from waybill.rules.evidence import MAX_PHOTO_BYTES, AnswerItem, Photo
from waybill.rules.facts import PlantItemFacts
from waybill.rules.finding import Phase
from waybill.services.checks.evidence import add_evidence
from waybill.services.checks.queries import CheckView, get_check
from waybill.services.plant_items import add_plant_item, change_plant_item, retire_plant_item
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


def test_a_check_gathers_what_its_facility_asks_now(session: Session, line: Line) -> None:
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


def test_a_verdict_keeps_the_version_that_it_judged_by(session: Session, line: Line) -> None:
    item = added(session, line)
    view = opened(session, line)
    stored = view.standing.facts

    change_plant_item(
        session,
        line.yard.actor("supervisor"),
        (line.yard.facility_id, item.id),
        PlantItemParticulars(question_zh="改了？", question_en="Changed?"),
        expected_version=1,
        clock=line.clock,
    )

    again = get_check(
        session, line.yard.actor("loader"), view.summary.id, keys=line.keys, clock=line.clock
    )
    assert "鹤位正确".encode() in stored
    assert [found.version for found in again.facts.plant_items] == [2]


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
