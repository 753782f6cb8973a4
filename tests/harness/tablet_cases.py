"""Cases of the offline decision: one that clears, and each change of it with what must come out.

`python -m tests.harness.tablet_cases` writes them to `tests/vectors/tablet/equality.json`, which
the tablet's TypeScript reads too. What must come out is written by hand and never computed.
"""

import copy
import json
from pathlib import Path
from typing import Any, Final

from tests.harness.tablet_trip import (
    ARRIVAL,
    AT,
    BUNDLE,
    ITEMS,
    OTHER_WAYBILL,
    PERSON,
    PLANT_ITEM,
    SEEN,
    WAYBILL,
    Case,
    answer,
    consent,
    plate,
    presence,
    scan,
)

FILE: Final = Path(__file__).parents[1] / "vectors/tablet/equality.json"


def case(name: str, decision: str, *reasons: str, **changes: Any) -> Case:  # noqa: ANN401  JSON
    """Return a case: the one that clears, changed.

    `without` names items left out, `instead` items by name, `then` items added at the end,
    `arrival` and `bundle` what is set by path (`a.b.c`), `at`, `person` and `refused_at` as they
    are.
    """
    items = {key: each for key, each in ITEMS.items() if key not in changes.get("without", ())}
    items |= changes.get("instead", {})
    arrival: Case | None = _set(ARRIVAL, changes.get("arrival", {}))
    if changes.get("unknown"):
        arrival = None
    return {
        "name": name,
        "arrival": arrival,
        "bundle": _set(BUNDLE, changes.get("bundle", {})),
        "items": [*items.values(), *changes.get("then", ())],
        "at": changes.get("at", AT),
        "person": changes.get("person", PERSON),
        "refused_at": changes.get("refused_at"),
        "expect": {"decision": decision, "reasons": list(reasons)},
    }


def _set(base: Case, paths: Case) -> Case:
    made = copy.deepcopy(base)
    for path, value in paths.items():
        *parents, last = path.split(".")
        place = made
        for name in parents:
            place = place[name]
        place[last] = value
    return made


def _cleared() -> list[Case]:
    ok = "cleared"
    packages = {
        "plates.trailer": None, "expected.trailer": None, "expected.tank": None,
    }  # fmt: skip
    wrong, right = scan("vehicle", "苏H99999", 1), ITEMS["vehicle"]
    return [
        case("everything shown and equal", ok),
        case("a vehicle without trailer and tank", ok, arrival=packages,
             without=("trailer", "tank", "trailer_plate")),
        case("the supervisor is the account that is signed on", ok,
             instead={"supervisor_here": presence("supervisor")}),
        case("a supervisor's card shows its holder present", ok,
             instead={"supervisor_here": scan("supervisor", "s_77aa", 1)}),
        case("another vehicle's card, then the right one", ok, without=("vehicle",),
             then=(wrong, right)),
        case("a question answered no, cured and answered yes", ok,
             without=("engine_off",), then=(answer("engine_off", "no"), answer("engine_off"))),
        case("the driver's escort is not asked where the waybill names none", ok,
             arrival={"expected.escort": None}, without=("escort", "escort_here")),
        case("the first moment of the bundle", ok, at="2026-11-27T01:00:00Z"),
        case("the last moment of the pre-clearance", ok, at="2026-11-27T12:59:59Z"),
    ]  # fmt: skip


def _not_proven() -> list[Case]:
    no = "not_proven"
    missing = [
        case(f"{kind} not shown", no, f"scan-missing:{kind}", without=(kind,))
        for kind in ("waybill", "vehicle", "trailer", "driver", "escort", "tank")
    ]
    typed = {**ITEMS["vehicle"], "presentation": "typed", "card_version": None}
    return [
        *missing,
        case("nothing shown at all", no,
             f"answer-missing:{PLANT_ITEM}", "answer-missing:engine_off",
             "answer-missing:orange_plates", "plate-missing:tractor", "plate-missing:trailer",
             "presence-missing:driver", "presence-missing:escort", "presence-missing:supervisor",
             "scan-missing:driver", "scan-missing:escort", "scan-missing:tank",
             "scan-missing:trailer", "scan-missing:vehicle", "scan-missing:waybill",
             without=tuple(ITEMS)),
        case("a waybill that is not expected here", no, "not-expected", unknown=True),
        case("the vehicle's plate typed instead of its card", no, "scan-unsigned:vehicle",
             instead={"vehicle": typed}),
        case("a signed card of another vehicle stays although the right number was typed",
             "refused", "scan-differs:vehicle",
             instead={"vehicle": scan("vehicle", "苏H99999", 1)}, then=(typed,)),
        case("the waybill's number typed", no, "scan-unsigned:waybill",
             instead={"waybill": {**ITEMS["waybill"], "presentation": "typed"}}),
        case("a code whose signature does not hold", no, "scan-refused:driver",
             instead={"driver": scan("driver", "", problem="bad-signature")}),
        case("a waybill's code that has expired", no, "scan-refused:waybill",
             instead={"waybill": scan("waybill", "", problem="expired")}),
        case("a key that the trust list does not know", no, "scan-refused:tank",
             instead={"tank": scan("tank", "", problem="unknown-key")}),
        case("a card newer than the bundle knows", no, "card-newer:vehicle",
             instead={"vehicle": scan("vehicle", "苏H12345", 4)}),
        case("a revision newer than the bundle knows", no, "waybill-newer",
             instead={"waybill": scan("waybill", WAYBILL, revision=3)}),
        case("a certificate of the tank ended", no, "expired:tank",
             arrival={"expected.tank.valid_until": "2026-11-27T02:30:00Z"}),
        case("the supervisor's qualification ended", no, "expired:supervisor",
             bundle={"supervisors": [{**BUNDLE["supervisors"][0],
                                      "valid_until": "2026-11-27T02:30:00Z"}]}),
        case("a supervisor whom the bundle does not know", no, "supervisor-unknown",
             instead={"supervisor_here": presence("supervisor", "s_0000")}),
        case("the account that is signed on is no supervisor", no, "supervisor-unknown",
             instead={"supervisor_here": presence("supervisor")},
             person="0198f000-0000-7000-8000-0000000000ab"),
        case("nobody is signed on", no, "supervisor-unknown", person="",
             instead={"supervisor_here": presence("supervisor")}),
        case("a supervisor's card that does not hold", no, "presence-missing:supervisor",
             instead={"supervisor_here": scan("supervisor", "", problem="expired")}),
        case("a supervisor's number typed", no, "presence-missing:supervisor",
             instead={"supervisor_here": {**scan("supervisor", "s_77aa"),
                                          "presentation": "typed"}}),
        case("the plate of the trailer not looked at", no, "plate-missing:trailer",
             without=("trailer_plate",)),
        case("nobody said that the driver is here", no, "presence-missing:driver",
             without=("driver_here",)),
        case("a question left open", no, "answer-missing:engine_off", without=("engine_off",)),
        case("an answer that is not allowed to this question", no,
             "answer-not-allowed:orange_plates",
             arrival={"asked": [{"id": "orange_plates", "answers": ["no"], "photo": False}]}),
        case("the photo of a plant's item missing", no, f"photo-missing:{PLANT_ITEM}",
             without=("own_photo",)),
        case("something stands that was known before", no, "not-precleared",
             arrival={"preclearance.would_clear": False}),
        case("the pre-clearance is too old by one second", no, "preclearance-stale",
             arrival={"preclearance.good_until": "2026-11-27T02:30:00Z"}),
        case("the bundle is too old", no, "bundle-stale", "preclearance-stale",
             at="2026-11-27T13:00:00Z"),
        case("the trust list is too old", no, "trust-stale",
             bundle={"trust.good_until": "2026-11-27T02:30:00Z"}),
        case("the clock is before the bundle", no, "clock-before-bundle",
             at="2026-11-27T00:59:59Z"),
        case("the waybill is over", no, "waybill-not-in-force",
             arrival={"valid_until": "2026-11-27T02:30:00Z"}),
        case("the waybill has not begun", no, "waybill-not-in-force",
             arrival={"valid_from": "2026-11-27T02:30:01Z"}),
    ]  # fmt: skip


def _refused() -> list[Case]:
    no, since = "refused", "2026-11-27T00:10:00Z"
    return [
        case("another vehicle's card", no, "scan-differs:vehicle",
             instead={"vehicle": scan("vehicle", "苏H99999", 3)}),
        case("another vehicle's number typed", no, "scan-differs:vehicle",
             instead={"vehicle": {**scan("vehicle", "苏H99999"), "presentation": "typed"}}),
        case("a refusal names only what contradicts", no, "scan-differs:driver",
             instead={"driver": scan("driver", "d_0000", 1)}, without=("engine_off",)),
        case("a waybill other than the arrival's", no, "scan-differs:waybill",
             instead={"waybill": scan("waybill", OTHER_WAYBILL, revision=2)}),
        case("an old revision of the waybill", no, "waybill-superseded",
             instead={"waybill": scan("waybill", WAYBILL, revision=1)}),
        case("a card that was replaced", no, "card-superseded:escort",
             instead={"escort": scan("escort", "e_91c0", 1)}),
        case("a tank where none is expected", no, "scan-unexpected:tank",
             arrival={"expected.tank": None}),
        case("a trailer's plate where no trailer is expected", no,
             "plate-unexpected:trailer", "scan-unexpected:trailer",
             arrival={"plates.trailer": None, "expected.trailer": None}),
        case("another plate on the vehicle", no, "plate-differs:tractor",
             instead={"tractor_plate": plate("tractor", "苏H12346")}),
        case("the plate's colour is another", no, "plate-differs:tractor",
             instead={"tractor_plate": plate("tractor", "苏H12345", "blue")}),
        case("the escort is not here", no, "absent:escort",
             instead={"escort_here": presence("escort", present=False)}),
        case("another driver is here", no, "other-person:driver",
             instead={"driver_here": presence("driver", "d_0000")}),
        case("the supervisor is not here", no, "absent:supervisor",
             instead={"supervisor_here": presence("supervisor", "s_77aa", present=False)}),
        case("a question answered no", no, "answer-no:orange_plates",
             instead={"orange_plates": answer("orange_plates", "no")}),
        case("a plant's item answered no", no, f"answer-no:{PLANT_ITEM}",
             instead={"own_item": answer(PLANT_ITEM, "no")}),
        case("cancelled in the bundle", no, "waybill-cancelled",
             arrival={"status": "cancelled"}),
        case("cancelled by the revocation list", no, "waybill-cancelled",
             bundle={"revocations": [{"jti": WAYBILL, "since": since}]}),
        case("a revoked driver", no, "revoked:driver",
             bundle={"revocations": [{"subject": "d_2b7f", "since": since}]}),
        case("a revocation of somebody else", "cleared",
             bundle={"revocations": [{"subject": "d_0000", "since": since},
                                     {"jti": OTHER_WAYBILL, "since": since},
                                     {"kid": "old-key", "since": since}]}),
        case("cleared already", no, "waybill-used", arrival={"status": "cleared"}),
        case("released already", no, "waybill-used", arrival={"status": "released"}),
    ]  # fmt: skip


def _consents() -> list[Case]:
    ok, no, asked = "cleared", "not_proven", {"supervisor_consents": True}
    unsaid = {name: value for name, value in BUNDLE.items() if name != "supervisor_consents"}
    missing = case("a bundle that does not say asks for the consent", no, "consent-missing")
    return [
        case("the supervisor agreed, last of all", ok, bundle=asked, then=(consent(),)),
        case("a consent shows the supervisor present", ok, bundle=asked, then=(consent(),),
             without=("supervisor_here",)),
        case("a consent where none is asked", ok, then=(consent(), plate("tractor", "苏H12345"))),
        case("the supervisor has not agreed", no, "consent-missing", bundle=asked),
        {**missing, "bundle": unsaid},
        case("something was added after the consent", no, "consent-outdated", bundle=asked,
             then=(consent(), plate("tractor", "苏H12345"))),
        case("it was refused after the consent", no, "consent-outdated", bundle=asked,
             then=(consent(),), refused_at=SEEN),
        case("the supervisor agreed anew after the refusal", ok, bundle=asked,
             then=(consent(), consent(at="2026-11-27T02:20:01Z")), refused_at=SEEN),
        case("an account that is no supervisor's agreed", no, "supervisor-unknown", bundle=asked,
             then=(consent(reference=""),)),
        case("the supervisor does not agree", "refused", "consent-refused", bundle=asked,
             then=(consent(), consent("no"))),
        case("a no is heeded where no consent is asked", "refused", "consent-refused",
             then=(consent("no"),)),
        case("a no that was taken back", ok, bundle=asked, then=(consent("no"), consent())),
    ]  # fmt: skip


def _after_refusal() -> list[Case]:
    ok, no, late = "cleared", "not_proven", "2026-11-27T03:20:01Z"
    seen = [
        f"answer-missing:{PLANT_ITEM}", "answer-missing:engine_off", "answer-missing:orange_plates",
        "plate-missing:tractor", "plate-missing:trailer",
        "presence-missing:driver", "presence-missing:escort", "presence-missing:supervisor",
    ]  # fmt: skip
    return [
        case("refused, and all was seen an hour ago", ok, at="2026-11-27T03:20:00Z",
             refused_at=SEEN),
        case("refused, and all was seen longer than an hour ago", no, *seen, at=late,
             refused_at=SEEN),
        case("seen longer than an hour ago and never refused", ok, at=late),
        case("a no does not grow old", "refused", "answer-no:engine_off", at=late, refused_at=SEEN,
             instead={"engine_off": answer("engine_off", "no")}),
        case("nor does an absence", "refused", "absent:escort", at=late, refused_at=SEEN,
             instead={"escort_here": presence("escort", present=False)}),
    ]  # fmt: skip


def all_cases() -> list[Case]:
    """Return every case, each under a name of its own."""
    return [*_cleared(), *_not_proven(), *_refused(), *_consents(), *_after_refusal()]


def as_text(cases: list[Case]) -> str:
    """Return the file's text."""
    about = (
        "The offline decision of a tablet: input (arrival, bundle, items, at, person, refused_at) "
        "and the decision with its sorted reasons. Written by tests/harness/tablet_cases.py; "
        "docs/formats/offline-record.md explains each reason."
    )
    return json.dumps({"about": about, "cases": cases}, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(as_text(all_cases()), encoding="utf-8")
