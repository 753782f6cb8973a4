"""Part of the read behind a verdict: who is of the trip, driver, escort and supervisors."""

from typing import Final

from sqlalchemy import (
    CTE,
    CompoundSelect,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    func,
    select,
    union,
    union_all,
)

from waybill.storage.registry import PersonRow
from waybill.storage.waybills import CheckEvidenceRow

CHECK_ID: Final = bindparam("check_id", type_=Uuid())
SUPERVISOR: Final = bindparam("supervisor_reference", type_=String())
REFERENCE_FROM: Final = 3
"""Where a person's reference starts behind its role mark (`s_8f3a9c27b1`), counted from 1."""


def crew_of(waybill: CTE, *, of_check: bool) -> CTE:
    """Read the ids of driver, escort and supervisors, each way by an index of its own.

    As one condition with `OR` it would read every person there is.
    """
    ways = [
        select(PersonRow.id).where(PersonRow.id.in_(each_of(waybill, ("driver_id", "escort_id")))),
        select(PersonRow.id).where(PersonRow.reference == SUPERVISOR),
    ]
    if of_check:
        ways.append(select(PersonRow.id).where(PersonRow.reference.in_(_supervisors())))
    return union(*ways).cte("crew")


def _supervisors() -> Select[str]:
    """Return the references of supervisors in the evidence, without their role mark."""
    item = CheckEvidenceRow.item
    present = and_(item["role"].as_string() == "supervisor", item["type"].as_string() == "presence")
    return select(func.substr(item["reference"].as_string(), REFERENCE_FROM)).where(
        CheckEvidenceRow.check_id == CHECK_ID, present
    )


def each_of(waybill: CTE, names: tuple[str, ...]) -> CompoundSelect[*tuple[object, ...]]:
    """Return several columns of the waybill as one."""
    return union_all(*(select(waybill.c[name]) for name in names))
