"""What must be shown again: what was seen too long ago is told apart from what is missing."""

from datetime import UTC, datetime

from scanners.checklist import Step, StepKind, StepState
from scanners.rechecking import WhyAgain, to_show_again
from waybill.registry.kinds import PlateColour
from waybill.rules.evidence import PhotoItem, PlateItem

AT = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
MISSING = [
    Step(kind=kind, needed=True, state=StepState.MISSING, findings=())
    for kind in (StepKind.VEHICLE, StepKind.PLATE, StepKind.SIGNS)
]


def test_a_plate_seen_too_long_ago_is_outdated_and_the_rest_is_missing() -> None:
    plate = PlateItem(
        unit="tractor", plate="苏A12345", plate_colour=PlateColour.YELLOW, how="typed", at=AT
    )

    assert [again.why for again in to_show_again(MISSING, [plate])] == [
        WhyAgain.MISSING,
        WhyAgain.OUTDATED,
        WhyAgain.MISSING,
    ]


def test_a_photo_is_of_no_step_so_that_none_is_outdated_by_it() -> None:
    photo = PhotoItem(shows="signs", sha256="0" * 64, at=AT)

    assert {again.why for again in to_show_again(MISSING, [photo])} == {WhyAgain.MISSING}
