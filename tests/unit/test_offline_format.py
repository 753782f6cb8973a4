"""The record of a check without network: what is read, what is refused, and when it was."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import pytest

from tests.harness.tablet_records import FILE, RECORD, vectors
from waybill.codec import b64url_decode, canonical_json
from waybill.sealing import device_public_key
from waybill.services.offline.format import (
    OfflineRecord,
    RecordError,
    read_envelope,
    read_record,
)
from waybill.services.offline.timing import time_record

KEPT: Final[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
KEY: Final = device_public_key(KEPT["public_key"])
RECEIVED: Final = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
EARLIEST: Final = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)


def record(**changes: Any) -> OfflineRecord:  # noqa: ANN401  JSON
    return msgspec.convert(RECORD | changes, OfflineRecord)


class TestReadRecord:
    """Each vector is read, or refused for its reason."""

    @pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in KEPT["accept"]])
    def test_a_record_is_read(self, case: dict[str, str]) -> None:
        found = read_record(read_envelope(case["record"]), KEY)

        assert (found.number, str(found.device)) == ("T7K2-000001", KEPT["device"])
        assert found.evidence

    @pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in KEPT["refuse"]])
    def test_anything_else_is_refused(self, case: dict[str, str]) -> None:
        with pytest.raises(RecordError) as caught:
            read_record(read_envelope(case["record"]), KEY)

        assert caught.value.code == case["code"]

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"clock_offset_ms": 10**13 + 1}, id="offset"),
            pytest.param({"opened_at": "0001-01-01T00:00:00Z"}, id="opened"),
            pytest.param({"decided_at": "9999-12-31T23:59:59Z"}, id="decided"),
        ],
    )
    def test_a_clock_that_no_clock_shows_is_refused(self, changes: dict[str, Any]) -> None:
        with pytest.raises(msgspec.ValidationError):
            record(**changes)

    def test_the_file_holds_these_records(self) -> None:
        made = vectors()

        assert [c["name"] for c in KEPT["refuse"]] == [c["name"] for c in made["refuse"]]
        payload = b64url_decode(KEPT["accept"][0]["record"].split(".")[1])
        assert payload == canonical_json(RECORD)


class TestTimeRecord:
    """The true moment lies between what the server knows."""

    def test_the_known_offset_is_taken_off(self) -> None:
        timing = time_record(record(), earliest=EARLIEST, received_at=RECEIVED)

        at = datetime(2026, 11, 27, 2, 30, 1, 200_000, tzinfo=UTC)
        assert (timing.decided_at, timing.moments, timing.problems) == (at, (at,), ())

    def test_without_a_known_offset_both_bounds_are_judged(self) -> None:
        timing = time_record(record(clock_offset_ms=None), earliest=EARLIEST, received_at=RECEIVED)

        assert (timing.moments, timing.problems) == ((EARLIEST, RECEIVED), ())
        assert timing.settle(RECEIVED) == EARLIEST

    @pytest.mark.parametrize(
        ("earliest", "received_at"),
        [
            pytest.param(EARLIEST + timedelta(hours=2), RECEIVED, id="before the bundle"),
            pytest.param(EARLIEST, RECEIVED - timedelta(hours=2), id="after it came in"),
        ],
    )
    def test_outside_of_the_bounds_it_is_contradicted(
        self, earliest: datetime, received_at: datetime
    ) -> None:
        timing = time_record(record(), earliest=earliest, received_at=received_at)

        assert timing.problems == ("clock-contradicted",)
        assert earliest <= timing.decided_at <= max(earliest, received_at)
        assert (timing.counts_from, timing.settle(RECEIVED)) == (earliest, earliest)

    def test_a_check_takes_eight_hours_at_most(self) -> None:
        early = record(opened_at="2026-11-26T18:00:00Z")

        timing = time_record(early, earliest=EARLIEST - timedelta(days=1), received_at=RECEIVED)

        assert timing.problems == ("check-too-long",)

    def test_a_decision_follows_what_was_seen(self) -> None:
        timing = time_record(
            record(decided_at="2026-11-27T02:11:30Z"), earliest=EARLIEST, received_at=RECEIVED
        )

        assert timing.problems == ("times-out-of-order",)
