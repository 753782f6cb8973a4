"""The desk of the authority in tests: accounts, a proposed measure, an opened case."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from tests.harness.accounts import OTHER_SENIOR
from tests.harness.line import Line
from waybill.registry.access import Actor
from waybill.registry.cases import (
    CaseDetail,
    CaseMatter,
    CaseOpening,
    CaseSubject,
    RequestAnswer,
    RequestAsking,
)
from waybill.registry.kinds import SubjectKind
from waybill.registry.measures import Measure, MeasureKind, MeasureProposal
from waybill.services.cases.opening import open_case
from waybill.services.cases.queries import get_case
from waybill.services.cases.requests import answer_request, ask_correction
from waybill.services.measures.deciding import approve_measure
from waybill.services.measures.proposing import propose_lifting, propose_measure
from waybill.services.measures.queries import get_measure
from waybill.storage.personal import PersonalVault

VAULT: Final = PersonalVault(bytes(range(32)), bytes(range(32, 64)))
TODAY: Final = date(2026, 11, 22)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The auditors of a plant's and a carrier's authority, and what they do most."""

    session: Session
    line: Line

    @property
    def auditor(self) -> Actor:
        """An auditor: proposes, works on cases."""
        return self.line.yard.actor("auditor")

    @property
    def senior(self) -> Actor:
        """A senior auditor: approves too."""
        return self.line.yard.actor("senior-auditor")

    @property
    def other_senior(self) -> Actor:
        """Another senior auditor."""
        return self.line.yard.actor(OTHER_SENIOR)

    @property
    def carrier(self) -> Actor:
        """The carrier of the line's trips."""
        return self.line.yard.actor("carrier")

    def propose(self, who: Actor | None = None, **changes: Any) -> UUID:  # noqa: ANN401  a field's value
        """Propose a measure, by default to suspend the tractor of the trip."""
        return propose_measure(
            self.session, who or self.auditor, self.proposal(**changes), clock=self.line.clock
        )

    def proposal(self, **changes: Any) -> MeasureProposal:  # noqa: ANN401  a field's value
        """Return a proposal that is right but for what a test is about."""
        stated: dict[str, Any] = {
            "kind": MeasureKind.SUSPENSION,
            "subject_kind": SubjectKind.VEHICLE,
            "subject_id": self.line.yard.vehicle_id,
            "reason": "罐体未清洗即改装其他介质",
            "legal_basis": "《道路危险货物运输管理规定》",
            "decision_number": "淮交罚 2026-118",
            "valid_from": TODAY,
        }
        return MeasureProposal(**(stated | changes))

    def approve(self, measure_id: UUID, who: Actor | None = None, reason: str = "属实") -> None:
        """Approve as it stands now."""
        approve_measure(
            self.session,
            who or self.senior,
            measure_id,
            reason,
            expected_version=self.measure(measure_id).version,
            clock=self.line.clock,
        )

    def propose_lifting(self, measure_id: UUID, who: Actor | None = None) -> None:
        """Propose to lift it as it stands now."""
        propose_lifting(
            self.session,
            who or self.auditor,
            measure_id,
            "已整改",
            expected_version=self.measure(measure_id).version,
            clock=self.line.clock,
        )

    def measure(self, measure_id: UUID) -> Measure:
        """Return a measure as it stands now."""
        return get_measure(self.session, self.auditor, measure_id, vault=VAULT).measure

    def open_case(self, **changes: Any) -> UUID:  # noqa: ANN401  a field's value
        """Open a case, by default about the tractor of the trip."""
        stated: dict[str, Any] = {
            "matter": CaseMatter.LOADING,
            "text": "装货前未清洗罐体",
            "about": (CaseSubject.VEHICLE, self.line.yard.vehicle_id),
        }
        return open_case(
            self.session,
            self.auditor,
            CaseOpening(**(stated | changes)),
            vault=VAULT,
            clock=self.line.clock,
        )

    def ask(self, case_id: UUID, due_on: date = date(2026, 12, 1)) -> UUID:
        """Ask the carrier for a correction."""
        asking = RequestAsking(
            organisation_id=self.carrier.organisation_id, text="请说明并补交清洗单", due_on=due_on
        )
        return ask_correction(
            self.session,
            self.auditor,
            case_id,
            asking,
            expected_version=self.case(case_id).version,
            vault=VAULT,
            clock=self.line.clock,
        )

    def answer(self, request_id: UUID, version: int = 1, **changes: Any) -> None:  # noqa: ANN401  a field's value
        """Answer as the carrier."""
        answer = RequestAnswer(**({"text": "清洗单已补交"} | changes))
        answer_request(
            self.session,
            self.carrier,
            request_id,
            answer,
            expected_version=version,
            vault=VAULT,
            clock=self.line.clock,
        )

    def case(self, case_id: UUID) -> CaseDetail:
        """Return a case as it stands now."""
        return get_case(self.session, self.auditor, case_id, vault=VAULT, clock=self.line.clock)
