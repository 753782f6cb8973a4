"""FastAPI tuned by hand: asyncpg, one statement to read and one to write."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from fastapi import FastAPI

from tests.benchmarks.twins.fastapi_orm import Check, Issue, Issued, Scan
from tests.benchmarks.twins.ground import database, judge, read_token, sign

READ = """
SELECT w.id, w.status, v.status AS vehicle_status, v.inspection_until, v.insurance_until,
    v.review_until, v.scope, w.driver_reference AS driver, w.escort_reference AS escort,
    least(d.licence_until, d.qualification_until) AS driver_until,
    e.qualification_until AS escort_until, t.status AS tank_status,
    t.inspection_until AS tank_until, t.rated_kg, t.substances,
    array_agg(g.un_number) AS un_numbers, array_agg(g.quantity_kg) AS quantities
FROM waybill w JOIN vehicle v ON v.plate = w.vehicle_plate
    JOIN person d ON d.reference = w.driver_reference
    JOIN person e ON e.reference = w.escort_reference
    JOIN tank t ON t.number = w.tank_number JOIN waybill_goods g ON g.waybill_id = w.id
WHERE w.id = $1 GROUP BY w.id, v.plate, d.reference, e.reference, t.number
"""
WRITE = """
WITH checked AS (INSERT INTO loading_check VALUES ($1, $2, $3, $4, $5))
INSERT INTO event VALUES ($6, $3, 'scan', $7)
"""
LISTED = "SELECT un_number, name FROM dangerous_goods WHERE un_number = ANY($1)"
ISSUE = """
WITH made AS (
    INSERT INTO waybill VALUES ($1, $2, 'issued', $3, $4, $5, $6, $7, $8, $9, $10)
), lines AS (
    INSERT INTO waybill_goods SELECT $1, * FROM unnest($11::integer[], $12::text[], $13::integer[])
)
INSERT INTO event VALUES ($14, $7, 'issue', $15)
"""


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(database(), min_size=4, max_size=8) as pool:
        app.state.pool = pool
        yield


application = FastAPI(lifespan=_lifespan)


@application.post("/scan", status_code=201)
async def scan(wanted: Scan) -> Check:
    """Judge what a token names."""
    claims = read_token(wanted.token)
    pool = application.state.pool
    found = await pool.fetchrow(READ, UUID(claims["sub"]))
    findings = judge(found)
    now, identity = datetime.now(UTC), uuid4()
    passed = all(each["passed"] for each in findings)
    body = json.dumps({"waybill": str(found["id"]), "findings": findings})
    stored = json.dumps(findings)
    await pool.execute(WRITE, identity, found["id"], now, passed, stored, uuid4(), body)
    return Check.model_validate({"id": identity, "passed": passed, "findings": findings})


@application.post("/issue", status_code=201)
async def issue(wanted: Issue) -> Issued:  # type: ignore[valid-type]  # made of the table of fields
    """Sign a waybill."""
    given: dict[str, Any] = wanted.model_dump(mode="json")  # type: ignore[attr-defined]
    lines = given["goods"]
    pool = application.state.pool
    listed = await pool.fetch(LISTED, [line["un_number"] for line in lines])
    identity, now = uuid4(), datetime.now(UTC)
    content = given | {"id": str(identity), "named": [each["name"] for each in listed]}
    signature = sign(content)
    await pool.execute(
        ISSUE,
        identity,
        identity.hex,
        given["vehicle"],
        given["driver"],
        given["escort"],
        given["tank"],
        now,
        wanted.valid_until,  # type: ignore[attr-defined]
        json.dumps(content),
        signature,
        list(range(1, len(lines) + 1)),
        [line["un_number"] for line in lines],
        [line["quantity_kg"] for line in lines],
        uuid4(),
        json.dumps({"waybill": str(identity)}),
    )
    return Issued(id=identity, number=identity.hex, signature=signature)
