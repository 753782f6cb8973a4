"""How the thing went that an event tells of."""

import pytest

from waybill.codec import JsonValue
from waybill.services.event_views import EventOutcome, event_outcome


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("check-decided", {"cleared": True, "standing": []}, EventOutcome(passed=True)),
        (
            "check-decided",
            {"cleared": False, "standing": ["TNK-02.approved"]},
            EventOutcome(passed=False, standing=("TNK-02.approved",)),
        ),
        ("check-decided", {}, EventOutcome(passed=False)),
        ("check-decided", {"cleared": "true"}, EventOutcome(passed=False)),
        ("load-released", {"released": True}, EventOutcome(passed=True)),
        ("release-refused", {"released": False}, EventOutcome(passed=False)),
        (
            "code-scanned",
            {"items": [{"problem": ""}, {"problem": "bad-signature"}]},
            EventOutcome(passed=False, problem="bad-signature"),
        ),
        (
            "code-scanned",
            {"problem": "unknown-format", "items": []},
            EventOutcome(passed=False, problem="unknown-format"),
        ),
        ("code-scanned", {"items": [{"problem": ""}]}, None),
        ("waybill-issued", {"released": True}, None),
        ("a-kind-of-a-later-edition", {}, None),
    ],
)
def test_an_event_tells_how_it_went(
    kind: str, data: JsonValue, expected: EventOutcome | None
) -> None:
    assert event_outcome(kind, {"data": data}) == expected


@pytest.mark.parametrize("body", [None, [], "x", {}, {"data": None}])
def test_a_body_of_another_shape_tells_no_outcome(body: JsonValue) -> None:
    assert event_outcome("check-decided", body) is None
