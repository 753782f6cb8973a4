"""The twins' database and what is asked of them."""

import hashlib
import json
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg

from tests.benchmarks.twins.ground import LONGEST, NUMBERS, TEXTS, sign

WAYBILLS: Final = 2000
TOKENS: Final = 400


def prepare(url: str, schema: Path) -> str:
    """Make the twins' database and return its address."""
    server = url.replace("+psycopg", "")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE twins")
    twins = server.rpartition("/")[0] + "/twins"
    with psycopg.connect(twins, autocommit=True) as connection:
        connection.execute(schema.read_text(encoding="utf-8").encode())
        connection.execute("VACUUM ANALYZE")
    return twins


def scan_lines() -> list[str]:
    """Return requests to scan, each with a token of another waybill."""
    return [f"/scan\t{json.dumps({'token': sign({'sub': str(_id(n))})})}" for n in _some()]


def issue_lines() -> list[str]:
    """Return requests to issue, each with forty fields and two lines of goods."""
    return [f"/issue\t{json.dumps(_wanted(n), ensure_ascii=False)}" for n in _some()]


def _some() -> range:
    return range(1, WAYBILLS, WAYBILLS // TOKENS)


def _id(number: int) -> UUID:
    return UUID(hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest())


def _wanted(number: int) -> dict[str, object]:
    text = "江苏省淮安市某某化工有限公司装卸区 "
    return (
        dict.fromkeys(TEXTS, (text * 3)[: LONGEST // 2])
        | dict.fromkeys(NUMBERS, number)
        | {
            "vehicle": f"苏H{number:05d}",
            "driver": f"p{number}",
            "escort": f"p{number + WAYBILLS}",
            "tank": f"t{number}",
            "valid_until": "2030-01-01T00:00:00+08:00",
            "goods": [
                {"un_number": "1203", "quantity_kg": 12_000},
                {"un_number": "1202", "quantity_kg": 9_000},
            ],
        }
    )
