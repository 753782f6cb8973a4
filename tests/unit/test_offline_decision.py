"""The tablet's decision without network, by the vectors that its TypeScript reads too."""

from datetime import datetime
from typing import Any

import msgspec
import pytest

from scanners.kept import Arrival, Bundle
from scanners.offline import SEEN_LIFETIME, Decided, OfflineDecision, decide_offline
from tests.harness.tablet_cases import FILE, all_cases, as_text
from waybill.rules.evidence import EvidenceItem
from waybill.services.checks import lasting


def decided(case: dict[str, Any]) -> Decided:
    return decide_offline(
        msgspec.convert(case["arrival"], Arrival | None),
        msgspec.convert(case["bundle"], Bundle),
        msgspec.convert(case["items"], list[EvidenceItem]),
        at=datetime.fromisoformat(case["at"]),
        person=case["person"],
        refused_at=msgspec.convert(case["refused_at"], datetime | None),
    )


class TestDecideOffline:
    """Every case of the vectors, and that the file is what the tablet reads."""

    @pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in all_cases()])
    def test_the_decision_is_the_vectors(self, case: dict[str, Any]) -> None:
        assert decided(case) == msgspec.convert(case["expect"], Decided)

    def test_the_file_holds_these_cases(self) -> None:
        assert FILE.read_text(encoding="utf-8") == as_text(all_cases())

    def test_what_was_seen_counts_as_long_as_at_the_server(self) -> None:
        assert lasting.SEEN_LIFETIME == SEEN_LIFETIME

    def test_each_decision_is_among_the_cases(self) -> None:
        assert {case["expect"]["decision"] for case in all_cases()} == set(OfflineDecision)
