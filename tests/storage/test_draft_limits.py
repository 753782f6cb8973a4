"""What no draft may say, whichever door it came through."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.errors import InvalidFieldError
from waybill.rules.facts import CarriageMode
from waybill.services.waybills.draft import Draft, DraftGoods
from waybill.services.waybills.drafts import create_draft
from waybill.storage.waybills import WaybillRow


def _petrol(quantity_kg: str = "1000", quantity_l: str | None = None) -> DraftGoods:
    return DraftGoods(
        entry_key="1203",
        quantity_kg=Decimal(quantity_kg),
        quantity_l=None if quantity_l is None else Decimal(quantity_l),
        mode=CarriageMode.TANK,
    )


@pytest.mark.parametrize(
    ("goods", "problem"),
    [
        pytest.param((_petrol("0"),), ("/goods/0/quantity_kg", "quantity-out-of-range"), id="none"),
        pytest.param(
            (_petrol("-1"),), ("/goods/0/quantity_kg", "quantity-out-of-range"), id="less than none"
        ),
        pytest.param(
            (_petrol(), _petrol("1", "0")),
            ("/goods/1/quantity_l", "quantity-out-of-range"),
            id="no volume in the second line",
        ),
        pytest.param((_petrol(),) * 33, ("/goods", "too-many-lines"), id="33 lines"),
    ],
)
def test_an_impossible_draft_is_refused_and_nothing_is_written(
    session: Session, clock: FixedClock, goods: tuple[DraftGoods, ...], problem: tuple[str, str]
) -> None:
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    before = session.scalar(select(func.count()).select_from(WaybillRow))

    with pytest.raises(InvalidFieldError) as refused:
        create_draft(session, yard.actor("carrier"), Draft(goods=goods), clock=clock)

    assert [(p.pointer, p.code) for p in refused.value.problems] == [problem]
    assert session.scalar(select(func.count()).select_from(WaybillRow)) == before
