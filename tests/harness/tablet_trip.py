"""One arrival with all that must be shown for it, as JSON of the tablet's formats."""

from typing import Any, Final

Case = dict[str, Any]

AT: Final = "2026-11-27T02:30:00Z"
SEEN: Final = "2026-11-27T02:20:00Z"
WAYBILL: Final = "0198f000-0000-7000-8000-000000000001"
OTHER_WAYBILL: Final = "0198f000-0000-7000-8000-000000000002"
PERSON: Final = "0198f000-0000-7000-8000-0000000000aa"
PLANT_ITEM: Final = "0198f000-0000-7000-8000-0000000000b1"

ARRIVAL: Final[Case] = {
    "waybill_id": WAYBILL,
    "revision": 2,
    "status": "issued",
    "valid_from": "2026-11-26T16:00:00Z",
    "valid_until": "2026-11-28T16:00:00Z",
    "plates": {
        "tractor": {"plate": "苏H12345", "colour": "yellow"},
        "trailer": {"plate": "苏H5678挂", "colour": "yellow"},
    },
    "expected": {
        "vehicle": {
            "subject": "苏H12345",
            "card_version": 3,
            "valid_until": "2027-01-31T16:00:00Z",
        },
        "trailer": {"subject": "苏H5678挂", "card_version": 1, "valid_until": None},
        "driver": {
            "subject": "d_2b7f",
            "card_version": 1,
            "valid_until": "2027-06-30T16:00:00Z",
        },
        "escort": {
            "subject": "e_91c0",
            "card_version": 2,
            "valid_until": "2027-06-30T16:00:00Z",
        },
        "tank": {"subject": "TNK-0001", "card_version": 1, "valid_until": "2026-12-31T16:00:00Z"},
    },
    "preclearance": {
        "judged_at": "2026-11-27T01:00:00Z",
        "good_until": "2026-11-27T13:00:00Z",
        "would_clear": True,
    },
    "asked": [
        {"id": "orange_plates", "answers": ["yes", "no"], "photo": False},
        {"id": "engine_off", "answers": ["yes", "no"], "photo": False},
        {"id": PLANT_ITEM, "answers": ["yes", "no"], "photo": True},
    ],
}
BUNDLE: Final[Case] = {
    "made_at": "2026-11-27T01:00:00Z",
    "good_until": "2026-11-27T13:00:00Z",
    "trust": {"fetched_at": "2026-11-27T01:00:00Z", "good_until": "2026-11-28T01:00:00Z"},
    "supervisors": [
        {
            "subject": "s_77aa", "card_version": 1, "valid_until": "2027-03-31T16:00:00Z",
            "user_id": PERSON,
        },
    ],
    "revocations": [],
    "supervisor_consents": False,
}  # fmt: skip


def scan(kind: str, subject: str, version: int | None = None, **more: Any) -> Case:  # noqa: ANN401  JSON
    """Return a signed code that held."""
    return {
        "type": "scan", "kind": kind, "presentation": "signed_qr", "subject": subject,
        "at": SEEN, "problem": "", "revision": None, "card_version": version, **more,
    }  # fmt: skip


def plate(unit: str, number: str, colour: str = "yellow") -> Case:
    """Return a plate that was seen."""
    return {
        "type": "plate", "unit": unit, "plate": number, "plate_colour": colour, "how": "typed",
        "at": SEEN,
    }  # fmt: skip


def presence(role: str, reference: str = "", *, present: bool = True) -> Case:
    """Return what was said about somebody's presence."""
    return {
        "type": "presence", "role": role, "reference": reference, "present": present, "at": SEEN,
    }  # fmt: skip


def answer(question: str, said: str = "yes") -> Case:
    """Return an answer."""
    return {"type": "answer", "question": question, "answer": said, "at": SEEN}


def consent(given: str = "yes", *, reference: str = "s_77aa", at: str = SEEN) -> Case:
    """Return what a supervisor said by badge and PIN."""
    return {"type": "consent", "by": PERSON, "reference": reference, "given": given, "at": at}


PHOTO: Final[Case] = {"type": "photo", "shows": PLANT_ITEM, "sha256": "ab" * 32, "at": SEEN}
ITEMS: Final[dict[str, Case]] = {
    "waybill": scan("waybill", WAYBILL, revision=2),
    "vehicle": scan("vehicle", "苏H12345", 3),
    "trailer": scan("trailer", "苏H5678挂", 1),
    "driver": scan("driver", "d_2b7f", 1),
    "escort": scan("escort", "e_91c0", 2),
    "tank": scan("tank", "TNK-0001", 1),
    "tractor_plate": plate("tractor", "苏H12345"),
    "trailer_plate": plate("trailer", "苏H5678挂"),
    "driver_here": presence("driver"),
    "escort_here": presence("escort", "e_91c0"),
    "supervisor_here": presence("supervisor", "s_77aa"),
    "orange_plates": answer("orange_plates"),
    "engine_off": answer("engine_off"),
    "own_item": answer(PLANT_ITEM),
    "own_photo": PHOTO,
}
