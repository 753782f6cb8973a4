"""The people of the demonstration at work, over HTTP only: carrier, loader, auditor.

A story reads: the carrier writes and issues, the loader opens a check at the bay, scans and looks,
decides and releases, the auditor reads it all in the log.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from flask.testing import FlaskClient

from api.demo import fleet
from api.demo.case import Case
from api.demo.cases import CASES
from api.demo.fleet import GATE
from api.demo.register import Register
from api.demo.trips import draft_of
from api.schemas.drafts import DraftSchema
from tests.harness.accounts_http import Answer, SignedIn, sign_in
from tests.harness.answering import answer_all
from tests.harness.demo_site import PASSWORD
from tests.harness.expected_verdicts import Table, said
from waybill.clock import FixedClock

_CASES: Final = {case.key: case for case in CASES}
SUPERVISOR: Final = "plant-supervisor"
STEP_TAKES: Final = timedelta(seconds=5)
LOADING_TAKES: Final = timedelta(minutes=40)
SIGN_IN_AGAIN_AFTER: Final = timedelta(minutes=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict as it was answered: what every rule said, and whether it clears."""

    clears: bool
    findings: Table

    @classmethod
    def of(cls, verdict: Answer) -> "Judged":
        """Read a verdict of an answer."""
        return cls(clears=verdict["clears"], findings=said(verdict["findings"]))


def gross_mass_kg(case: Case, quantity_kg: int) -> str:
    """Return what the weighbridge shows of a case: every tare, and what was loaded."""
    tares = {truck.plate: truck.tare_kg for truck in fleet.TRUCKS}
    tares |= {vessel.key or vessel.number: vessel.tare_kg or 0 for vessel in fleet.VESSELS}
    units = (case.tractor, case.trailer, case.tank)
    return str(quantity_kg + sum(tares[unit] for unit in units if unit))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a trip stands at the end of its story.

    `decisions` are the log's: whether the check cleared, and which rules' findings stood.
    """

    status: str
    decisions: list[tuple[bool, list[str]]]
    releases: int = 0


@dataclass(slots=True, kw_only=True)
class Town:
    """The demonstration's installation, and everybody who has an account there."""

    client: FlaskClient
    register: Register
    clock: FixedClock
    _signed_in: dict[str, tuple[datetime, SignedIn]] = field(default_factory=dict)

    def account(self, username: str) -> SignedIn:
        """Return an account, signed in when it is first asked for and when its time is up."""
        now = self.clock.now()
        since, account = self._signed_in.get(username, (now, None))
        if account is None or now - since > SIGN_IN_AGAIN_AFTER:
            account = sign_in(self.client, username, PASSWORD)
            self._signed_in[username] = (now, account)
        return account

    def carrier(self, owner: str) -> SignedIn:
        """Return the dispatcher of a carrier of the demonstration."""
        return self.account("carrier" if owner == "anda" else f"carrier-{owner}")

    @property
    def loader(self) -> SignedIn:
        """The loading-bay staff."""
        return self.account("loader")

    def supervisor_card(self) -> str:
        """Fetch the code of the plant's loading supervisor."""
        text: str = self.account("supervisor").get(
            f"/people/{self.register.people[SUPERVISOR]}/card", role="supervisor"
        )["qr_text"]
        return text

    def draft(self, key: str, **changes: object) -> "Trip":
        """Write a case's waybill as its carrier does; nothing is signed yet."""
        case = _CASES[key]
        made = self.carrier(case.owner).post("/waybills", self.written(case) | changes)
        return Trip(town=self, case=case, id=made["summary"]["id"])

    def issue(self, key: str, **changes: object) -> "Trip":
        """Write and sign a case's waybill, whatever findings stand."""
        trip = self.draft(key, **changes)
        trip.issue()
        return trip

    def written(self, case: Case) -> dict[str, object]:
        """Return what the carrier of a case enters."""
        draft = draft_of(case, self.register, self.clock.now() + timedelta(hours=1))
        written: dict[str, object] = DraftSchema().dump(draft)
        return written | {"remarks": ""}

    def open_check(self, text: str, *, typed: bool = False) -> "BayCheck":
        """Open a check at the first bay with what was scanned or typed."""
        self.clock.advance(STEP_TAKES)
        opened = self.try_to_open(text, typed=typed)
        return BayCheck(town=self, id=opened["check"]["summary"]["id"])

    def try_to_open(self, text: str, *, typed: bool = False) -> Answer:
        """Scan or type a text at the first bay and return the answer, whatever it is."""
        bay_id = str(self.register.bays[0])
        return self.loader.post("/checks", {"bay_id": bay_id, "text": text, "typed": typed})

    def events_of(self, waybill_id: str) -> list[Answer]:
        """Read a waybill's events as the auditor does, oldest first, page by page."""
        found: list[Answer] = []
        query = {"waybill": waybill_id, "limit": "20"}
        while True:
            page = self.account("auditor").get("/events", **query)
            found += page["items"]
            if page["next_cursor"] is None:
                return found[::-1]
            query["cursor"] = page["next_cursor"]


@dataclass(slots=True, kw_only=True)
class Trip:
    """One case's waybill in the hands of its carrier."""

    town: Town
    case: Case
    id: str
    qr_text: str = ""

    @property
    def carrier(self) -> SignedIn:
        """The dispatcher of the carrier whose waybill it is."""
        return self.town.carrier(self.case.owner)

    def preview(self) -> Judged:
        """Ask what stands before signing."""
        return Judged.of(self.carrier.post(f"/waybills/{self.id}/preview"))

    def issue(self, *, accept_findings: bool = True) -> Judged:
        """Sign, and keep the code that the driver will show."""
        issued = self.carrier.post(
            f"/waybills/{self.id}/issue", {"accept_findings": accept_findings}, version=self.version
        )
        self.qr_text = issued["qr_text"]
        return Judged.of(issued["verdict"])

    def refused_issue(self, *, accept_findings: bool) -> Answer:
        """Try to sign and return the problem that it is answered with."""
        return self.carrier.post(
            f"/waybills/{self.id}/issue",
            {"accept_findings": accept_findings},
            version=self.version,
            expect=HTTPStatus.CONFLICT,
        )

    def cancel(self, reason: str) -> None:
        """Cancel, saying why."""
        self.carrier.post(f"/waybills/{self.id}/cancel", {"reason": reason}, version=self.version)

    def read(self) -> Answer:
        """Read the waybill as its carrier sees it."""
        return self.carrier.get(f"/waybills/{self.id}")

    @property
    def version(self) -> int:
        """The version as it is now."""
        version: int = self.read()["summary"]["version"]
        return version

    @property
    def status(self) -> str:
        """Where the waybill is in its life."""
        status: str = self.read()["summary"]["status"]
        return status

    def verdicts(self, phase: str) -> list[Judged]:
        """Read the verdicts that were kept in a phase, oldest first."""
        kept = self.read()["verdicts"]
        return [Judged.of(verdict) for verdict in kept if verdict["phase"] == phase]

    def logged(self, kind: str) -> list[Answer]:
        """Read the bodies of the log's entries of a kind about this waybill."""
        events = self.town.events_of(self.id)
        return [event["body"]["data"] for event in events if event["kind"] == kind]

    def ended(self) -> "Ended":
        """Read how it all ended, the status from the waybill and the rest from the log."""
        return Ended(
            status=self.status,
            decisions=[(e["cleared"], e["standing"]) for e in self.logged("check-decided")],
            releases=len(self.logged("load-released")),
        )

    def report_position(self) -> None:
        """Let the vehicle report from the plant's gate, as its device does all the time."""
        latitude, longitude = GATE
        self.carrier.put(
            f"/vehicles/{self.town.register.vehicles[self.case.tractor]}/position",
            {
                "reported_at": self.town.clock.now().isoformat(),
                "online": True,
                "latitude": str(latitude),
                "longitude": str(longitude),
            },
        )

    def vehicle_card(self, plate: str = "") -> str:
        """Fetch the code of the tractor, or of another vehicle of the carrier."""
        vehicles = self.town.register.vehicles
        return self._card(f"/vehicles/{vehicles[plate or self.case.tractor]}/card")

    def tank_card(self) -> str:
        """Fetch the code of the tank."""
        return self._card(f"/tanks/{self.town.register.tanks[self.case.tank]}/card")

    def driver_card(self) -> str:
        """Fetch the code of the driver."""
        return self._person_card(self.case.driver, "driver")

    def escort_card(self) -> str:
        """Fetch the code of the escort."""
        return self._person_card(self.case.escort, "escort")

    def _person_card(self, key: str, role: str) -> str:
        return self._card(f"/people/{self.town.register.people[key]}/card", role=role)

    def _card(self, path: str, **query: str) -> str:
        text: str = self.carrier.get(path, **query)["qr_text"]
        return text


@dataclass(slots=True, kw_only=True)
class BayCheck:
    """An open check in the hands of the loader."""

    town: Town
    id: str

    def scan(self, text: str) -> Answer:
        """Scan a code."""
        return self._post("scans", {"text": text})

    def see_plate(self, unit: str, plate: str) -> Answer:
        """Type the plate that is on the vehicle itself."""
        return self._post(
            "plates", {"unit": unit, "plate": plate, "plate_colour": "yellow", "how": "typed"}
        )

    def see_person(self, role: str, *, present: bool = True) -> Answer:
        """Say whether driver, escort or supervisor is here."""
        body: dict[str, object] = {"role": role, "present": present}
        if role == "supervisor":
            body["reference"] = f"s_{self.town.register.references[SUPERVISOR]}"
        return self._post("presences", body)

    def answer(self, question: str, given: str = "yes") -> Answer:
        """Answer one question."""
        return self._post("answers", {"question": question, "answer": given})

    def answer_everything(self) -> None:
        """Say yes to all that is asked at the check's stage, and take the photos it takes."""
        answer_all(self.town.loader, self.id)

    def decide(self) -> Judged:
        """Decide, and return the verdict that was kept."""
        return Judged.of(self._post("decision")["verdict"])

    def release(self, quantity_kg: str, **changes: object) -> Judged:
        """Load for 40 minutes, answer, enter the record, and return the verdict that was kept."""
        begun = self.town.clock.now()
        self.town.clock.advance(LOADING_TAKES)
        finished = self.town.clock.now()
        if self.read()["summary"]["status"] == "cleared":
            self.answer_everything()
        record = {
            "lines": [{"position": 1, "quantity_kg": quantity_kg}],
            "started_at": begun.isoformat(),
            "finished_at": finished.isoformat(),
            "gross_mass_kg": str(int(quantity_kg) + 17_600),
            "seals": ["DEMO-000123", "DEMO-000124"],
        }
        return Judged.of(self._post("release", record | changes)["verdict"])

    def refused_decision(self) -> Answer:
        """Try to decide and return the problem that it is answered with."""
        return self.town.loader.post(f"/checks/{self.id}/decision", expect=HTTPStatus.CONFLICT)

    def read(self) -> Answer:
        """Read the check as it stands."""
        return self.town.loader.get(f"/checks/{self.id}")

    def _post(self, what: str, body: object = None) -> Answer:
        self.town.clock.advance(STEP_TAKES)
        return self.town.loader.post(f"/checks/{self.id}/{what}", body)
