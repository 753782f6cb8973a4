"""The steps of a trip through the services, each with all that it needs and nothing more."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from api.runtime import Runtime
from scanners.readers import read_text, to_scan_item, verify_reading
from tests.harness.accounts import Accounts
from tests.harness.sealed_codes import signing_key
from tests.harness.trips import Yard, change_row, seed_yard
from tests.harness.yard_rows import (
    DRIVER,
    ESCORT,
    SUPERVISOR,
    TANK_NUMBER,
    TRACTOR_PLATE,
    TRAILER_PLATE,
)
from waybill.clock import Clock, local_date
from waybill.qr_payload import CardClaims, QrKind, encode_qr_text
from waybill.registry.kinds import PlateColour
from waybill.rules.asking import asked_questions
from waybill.rules.evidence import (
    AnswerItem,
    LoadedLine,
    LoadingItem,
    Photo,
    PhotoItem,
    PlateItem,
    PresenceItem,
    ScanItem,
)
from waybill.rules.facts import Facts
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import CheckStatus
from waybill.sealing import KeyTable, save_key
from waybill.services.checks.deciding import Decision, decide_check
from waybill.services.checks.evidence import AddedEvidence, AddedItem, add_evidence
from waybill.services.checks.opening import OpenedCheck, open_check
from waybill.services.checks.queries import get_check
from waybill.services.checks.releasing import Release, release_load
from waybill.services.keys import KeyRing
from waybill.services.waybills.draft import Draft
from waybill.services.waybills.drafts import create_draft
from waybill.services.waybills.issuing import IssuedWaybill, IssueTerms, issue_waybill
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.keys import SigningKeyRow
from waybill.storage.registry import VehiclePositionRow
from waybill.storage.session import write_session

ISSUER: Final = "demo"
PUBLIC_URL: Final = "http://localhost"
CARDS: Final = (
    (QrKind.VEHICLE, TRACTOR_PLATE),
    (QrKind.TRAILER, TRAILER_PLATE),
    (QrKind.TANK, TANK_NUMBER),
    (QrKind.DRIVER, f"d_{DRIVER}"),
    (QrKind.ESCORT, f"e_{ESCORT}"),
)
"""The cards that a clean petrol trip shows at the bay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A trip step by step, in the caller's session and at the clock's time."""

    yard: Yard
    clock: Clock

    @property
    def keys(self) -> KeyRing:
        """Return the installation's keys: one, in force."""
        key = signing_key()
        return KeyRing(signing=key, table=KeyTable([key.verifying_key()]))

    @property
    def terms(self) -> IssueTerms:
        """Return what the installation contributes to an issue."""
        return IssueTerms(keys=self.keys, issuer=ISSUER, public_url=PUBLIC_URL, clock=self.clock)

    def draft(self, session: Session, draft: Draft | None = None) -> UUID:
        """Write a draft, petrol where none is given."""
        wanted = draft or self.yard.draft()
        return create_draft(session, self.yard.actor("carrier"), wanted, clock=self.clock)

    def issue(self, session: Session, waybill_id: UUID, *, accept: bool = False) -> IssuedWaybill:
        """Sign a draft that was never changed."""
        return issue_waybill(
            session,
            self.yard.actor("carrier"),
            waybill_id,
            expected_version=1,
            accept_findings=accept,
            terms=self.terms,
        )

    def issued(self, session: Session, draft: Draft | None = None) -> IssuedWaybill:
        """Write and sign a waybill, whatever findings stand."""
        return self.issue(session, self.draft(session, draft), accept=True)

    def read(self, text: str) -> ScanItem | None:
        """Read and verify a code as the scanners do."""
        scan = verify_reading(read_text(text), self.keys.table, self.clock.now())
        return to_scan_item(scan, at=self.clock.now())

    def card(self, kind: QrKind, subject: str, *, version: int = 1) -> str:
        """Return the text of a genuine card."""
        now = int(self.clock.now().timestamp())
        claims = CardClaims(
            knd=kind, sub=subject, ver=version, iss=ISSUER, iat=now, nbf=now, exp=now + 86_400
        )
        return encode_qr_text(claims, signing_key(), PUBLIC_URL)

    def open(self, session: Session, text: str, *, bay_id: UUID | None = None) -> OpenedCheck:
        """Open a check with a waybill's code."""
        return open_check(
            session,
            self.yard.actor("loader"),
            bay_id or self.yard.bay_id,
            self.read(text),
            clock=self.clock,
        )

    def add(self, session: Session, check_id: UUID, item: AddedItem) -> AddedEvidence:
        """Add a piece of evidence as the loader."""
        return add_evidence(
            session, self.yard.actor("loader"), check_id, item, keys=self.keys, clock=self.clock
        )

    def photograph(
        self, session: Session, check_id: UUID, shows: str, photo: Photo
    ) -> AddedEvidence:
        """Add a photo as the loader."""
        return add_evidence(
            session,
            self.yard.actor("loader"),
            check_id,
            PhotoItem(shows=shows, sha256=photo.sha256, at=self.clock.now()),
            keys=self.keys,
            clock=self.clock,
            photo=photo,
        )

    def scan(self, session: Session, check_id: UUID, text: str) -> AddedEvidence:
        """Add a code that names something."""
        item = self.read(text)
        if item is None:
            raise AssertionError("the code names nothing")
        return self.add(session, check_id, item)

    def show_everything(self, session: Session, check_id: UUID) -> AddedEvidence:
        """Scan every card, see both plates, find escort and supervisor present."""
        for kind, subject in CARDS:
            self.scan(session, check_id, self.card(kind, subject))
        added = [self.add(session, check_id, item) for item in self.seen()][-1]
        return self.answer_everything(session, check_id, added.facts, Phase.BEFORE_LOADING) or added

    def answer_everything(
        self, session: Session, check_id: UUID, facts: Facts, phase: Phase
    ) -> AddedEvidence | None:
        """Say yes to everything that is asked; return the last answer's, `None` without any."""
        now = self.clock.now()
        added = [
            self.add(session, check_id, AnswerItem(question=asked.id, answer="yes", at=now))
            for asked in asked_questions(facts, phase, local_date(now))
        ]
        return added[-1] if added else None

    def seen(self) -> tuple[PlateItem | PresenceItem, ...]:
        """Return what the loader sees and no code shows, as it is on a clean trip."""
        now = self.clock.now()
        return (
            PlateItem(
                unit="tractor",
                plate=TRACTOR_PLATE,
                plate_colour=PlateColour.YELLOW,
                how="typed",
                at=now,
            ),
            PlateItem(
                unit="trailer",
                plate=TRAILER_PLATE,
                plate_colour=PlateColour.YELLOW,
                how="typed",
                at=now,
            ),
            PresenceItem(role="escort", reference=f"e_{ESCORT}", present=True, at=now),
            PresenceItem(role="supervisor", reference=f"s_{SUPERVISOR}", present=True, at=now),
        )

    def decide(self, session: Session, check_id: UUID) -> Decision:
        """Decide a check as the loader."""
        return decide_check(
            session, self.yard.actor("loader"), check_id, keys=self.keys, clock=self.clock
        )

    def cleared(self, session: Session, draft: Draft | None = None) -> tuple[IssuedWaybill, UUID]:
        """Take a trip to its clearance and return waybill and check."""
        issued = self.issued(session, draft)
        check_id = self.open(session, issued.qr_text).check_id
        if check_id is None:
            raise AssertionError("no check was opened")
        self.show_everything(session, check_id)
        decision = self.decide(session, check_id)
        if not decision.cleared:
            raise AssertionError([f.code for f in decision.verdict.assessment.standing])
        return issued, check_id

    def loading(self, quantity_kg: str = "27900") -> LoadingItem:
        """Return a loading record of one line, sealed twice."""
        now = self.clock.now()
        return LoadingItem(
            lines=(LoadedLine(position=1, quantity_kg=Decimal(quantity_kg)),),
            started_at=now,
            finished_at=now,
            at=now,
            gross_mass_kg=Decimal(47900),
            seals=("A0001", "A0002"),
        )

    def release(
        self, session: Session, check_id: UUID, loading: LoadingItem | None = None
    ) -> Release:
        """Answer what is asked after loading and release the load, as the loader."""
        self.answer_after_loading(session, check_id)
        return self.submit(session, check_id, loading)

    def answer_after_loading(self, session: Session, check_id: UUID) -> None:
        """Say yes to everything that is asked after loading, if the check is cleared."""
        check = get_check(
            session, self.yard.actor("loader"), check_id, keys=self.keys, clock=self.clock
        )
        if check.summary.status is CheckStatus.CLEARED:
            self.answer_everything(session, check_id, check.facts, Phase.AFTER_LOADING)

    def submit(
        self, session: Session, check_id: UUID, loading: LoadingItem | None = None
    ) -> Release:
        """Enter the loading record as the loader, whatever was answered."""
        return release_load(
            session,
            self.yard.actor("loader"),
            check_id,
            loading or self.loading(),
            keys=self.keys,
            clock=self.clock,
        )

    def drive_on(self, session: Session) -> None:
        """Let the tractor report where it is, now."""
        change_row(
            session,
            VehiclePositionRow,
            self.yard.vehicle_id,
            reported_at=self.clock.now(),
        )


def seed_line(runtime: Runtime, accounts: Accounts) -> Line:
    """Write a clean trip and the signing key where an application finds them."""
    key = signing_key()
    path = runtime.settings.key_dir / f"{key.kid}.pem"
    if not path.exists():
        save_key(path, key)
    with write_session(runtime.sessions) as session:
        seed_signing_key(session, runtime.clock)
        yard = seed_yard(session, accounts, runtime.clock.now())
    return Line(yard=yard, clock=runtime.clock)


def seed_signing_key(session: Session, clock: Clock) -> None:
    """Make the key that tests sign with the installation's own."""
    key = signing_key()
    now = clock.now() - timedelta(days=2)
    event_id = record_event(session, Event(kind=EventKind.SIGNING_KEY_ADDED, at=now, actor=None))
    session.add(
        SigningKeyRow(
            kid=key.kid,
            issuer=ISSUER,
            jwk=key.verifying_key().jwk,
            not_before=now,
            event_id=event_id,
        )
    )
    session.flush()
