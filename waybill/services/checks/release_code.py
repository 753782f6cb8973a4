"""The code of a release (放行码): what the gate and the driver show that a vehicle may leave."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from waybill.document import (
    LoadedItem,
    LoadingRecord,
    WaybillContent,
    parse_loading_record,
    parse_waybill,
)
from waybill.errors import NotFoundError, StateError
from waybill.qr_payload import GoodsLine, ReleaseClaims, encode_qr_text
from waybill.registry.access import Actor, Permission
from waybill.rules.lifecycle import CheckStatus
from waybill.services.waybills.issuing import IssueTerms
from waybill.storage.registry import FacilityRow
from waybill.storage.waybills import LoadingCheckRow, ReleaseRow, WaybillRevisionRow, WaybillRow

CODE_LIFETIME: Final = timedelta(hours=72)
"""How long after the release its code holds: the longest trips within the country end before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCode:
    """The text of the code, and what it says."""

    text: str
    claims: ReleaseClaims


def get_release_code(
    session: Session, actor: Actor, check_id: UUID, *, terms: IssueTerms
) -> ReleaseCode:
    """Sign what was released by a check, for its loader, its carrier and oversight.

    What it says is read from the signed loading record, never from columns. It is signed with
    the key in force now: each time another text, and always the same release.

    Raises:
        NotFoundError: there is no such check that the account may see.
        StateError: it has released nothing.
    """
    actor.require(Permission.READ_CHECK)
    check, _ = find_check(session, actor, check_id)
    found = session.execute(
        select(ReleaseRow.loading_record, WaybillRevisionRow.document)
        .join(
            WaybillRevisionRow,
            and_(
                WaybillRevisionRow.waybill_id == ReleaseRow.waybill_id,
                WaybillRevisionRow.revision == check.revision,
            ),
        )
        .where(ReleaseRow.waybill_id == check.waybill_id, ReleaseRow.check_id == check_id)
    ).one_or_none()
    if found is None or check.status is not CheckStatus.RELEASED:
        raise StateError(
            "尚未放行，没有放行码。",
            "Nothing was released, so there is no release code.",
            state=check.status.value,
            act="release-code",
            next_step_zh="填写装货记录并放行后再取放行码。",
            next_step_en="Enter the loading record and release the vehicle first.",
        )
    record, content = parse_loading_record(found[0]), parse_waybill(found[1])
    claims = release_claims(record, content, issuer=terms.issuer, at=terms.clock.now())
    text = encode_qr_text(claims, terms.keys.signer(), terms.public_url)
    return ReleaseCode(text=text, claims=claims)


def find_check(
    session: Session, actor: Actor, check_id: UUID
) -> tuple[LoadingCheckRow, WaybillRow]:
    """Return a check and its waybill, to its loader, the waybill's carrier and oversight.

    Raises:
        NotFoundError: there is none that the account may see.
    """
    found = session.execute(
        select(LoadingCheckRow, WaybillRow, FacilityRow.organisation_id)
        .join(WaybillRow, WaybillRow.id == LoadingCheckRow.waybill_id)
        .join(FacilityRow, FacilityRow.id == LoadingCheckRow.facility_id)
        .where(LoadingCheckRow.id == check_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("check", check_id)
    check, waybill, loader_id = found
    if not (actor.oversees or actor.organisation_id in (loader_id, waybill.carrier_id)):
        raise NotFoundError("check", check_id)
    return check, waybill


def release_claims(
    record: LoadingRecord, content: WaybillContent, *, issuer: str, at: datetime
) -> ReleaseClaims:
    """Return what a release's code says: the signed loading record, in few letters."""
    released_s = int(record.released_at.timestamp())
    groups = {item.position: item.packing_group for item in content.goods}
    return ReleaseClaims(
        jti=UUID(record.waybill_id).hex,
        rev=record.revision,
        num=record.waybill_number,
        rel=released_s,
        iss=issuer,
        iat=max(released_s, int(at.timestamp())),
        nbf=released_s,
        exp=released_s + int(CODE_LIFETIME.total_seconds()),
        veh=record.vehicle.plate,
        trl=record.trailer.plate if record.trailer else None,
        gds=tuple(_line(item, groups[item.position]) for item in record.loaded),
    )


def _line(item: LoadedItem, packing_group: str) -> GoodsLine:
    """Return a line in whole kilograms, never less than was loaded."""
    whole_kg = Decimal(item.quantity_kg).to_integral_value(ROUND_CEILING)
    return GoodsLine(
        un_number=item.un_number,
        packing_group=packing_group,
        quantity=int(whole_kg),
        unit="kg",
        row=item.entry_key if item.entry_key != item.un_number else None,
    )
