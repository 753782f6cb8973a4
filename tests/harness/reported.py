"""A report of a whole quarter of a prefecture, made up, to be set on paper."""

import json
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from waybill.codec import canonical_json, sha256
from waybill.rules.register import REGISTER
from waybill.services.reports.orders import Report

LONG_NAME: Final = "江苏省淮安市清江浦区危险化学品道路运输与仓储综合服务有限责任公司第三分公司"
CARRIERS: Final = 60


def quarter_report(*, closed: bool = True) -> Report:
    """Return the report of sixty carriers in seven districts, every fourth with a long name."""
    ids = [str(UUID(int=number + 1)) for number in range(CARRIERS)]
    names = {
        identity: LONG_NAME if number % 4 == 0 else f"淮安第{number}危货运输有限公司"
        for number, identity in enumerate(ids)
    }
    districts = ["320803", "320804", "320812", "320813", "320826", "320830", "320831"]
    codes = list(dict.fromkeys(rule.code for rule in REGISTER))[:40]
    said = {
        "format": "waybill-report",
        "v": 1,
        "definition": 1,
        "id": str(UUID(int=7)),
        "made_at": "2027-01-02T01:00:00+00:00",
        "made_for": "淮安市交通运输局",
        "period": {"from": "2026-10-01", "until": "2026-12-31"},
        "closed": closed,
        "log": {"size": 1234567, "origin": "log.example/huaian", "root": "ab" * 32},
        "sections": [
            _section("acts", (), [()]),
            _section("months", ("month",), [("2026-10",), ("2026-11",), ("2026-12",)]),
            _section("districts", ("district",), [(code,) for code in districts]),
            _section("carriers", ("carrier",), [(identity,) for identity in ids]),
            _section("classes", ("hazard_class",), [("2.1",), ("3",), ("6.1",), ("8",)]),
            {
                "name": "rules",
                "by": ["rule", "rule_outcome"],
                "act": "check",
                "figures": [_figure((code, "failed"), 12, None, None) for code in codes],
            },
        ],
        "carriers": names,
    }
    content = canonical_json(json.loads(json.dumps(said)))
    return Report(
        id=UUID(int=7),
        made_at=datetime(2027, 1, 2, 1, tzinfo=UTC),
        from_on=date(2026, 10, 1),
        until_on=date(2026, 12, 31),
        size=1234567,
        digest=sha256(content).hex(),
        content=content,
        document_jws="header..signature",
        kid="demo-2026",
        event_id=UUID(int=8),
    )


def _section(name: str, by: tuple[str, ...], keys: list[tuple[str, ...]]) -> dict[str, object]:
    figures = []
    for key in keys:
        for act in ("issue", "check", "release"):
            for outcome, count in (("passed", 12345), ("refused", 67), ("unproven", 8)):
                loaded = "344425500.5" if (act, outcome) == ("release", "passed") else None
                figures.append(_figure((*key, act, outcome), count, "345660000", loaded))
    return {"name": name, "by": [*by, "act", "outcome"], "act": None, "figures": figures}


def _figure(
    keys: tuple[str, ...], count: int, planned: str | None, loaded: str | None
) -> dict[str, object]:
    return {"keys": list(keys), "count": count, "planned_kg": planned, "loaded_kg": loaded}
