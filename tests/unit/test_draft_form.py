"""The form of a waybill: every draft comes back from it as it went in; what waits is known."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from api.page_forms import FormReader
from api.pages.draft_form import Dropped, Waiting, form_of, read_draft, unfilled
from tests.harness.drafts import KEYS, NOW, drafts, figures
from waybill.document import Permit
from waybill.registry.kinds import PermitKind
from waybill.rules.facts import CarriageMode
from waybill.services.waybills.draft import Draft, DraftGoods
from waybill.services.waybills.recollections import Recollection


@given(draft=drafts)
def test_a_draft_comes_back_from_its_form_as_it_went_in(draft: Draft) -> None:
    form = form_of(draft, 3)

    written = read_draft(FormReader(form=form), NOW)

    assert written.draft == draft
    assert not written.waiting


@given(key=KEYS, values=st.dictionaries(st.just("density_kg_l"), figures(4).filter(bool)))
def test_a_row_that_was_only_picked_waits_whatever_it_was_filled_with(
    key: str, values: dict[str, Decimal]
) -> None:
    recalled = {key: Recollection(issued_at=NOW, values=values)}
    form = form_of(Draft(), 1, [key], at=NOW, recalled=recalled)

    assert read_draft(FormReader(form=form), NOW).waiting == Waiting(rows=(key,))


def test_what_is_dropped_is_not_read() -> None:
    form = form_of(
        Draft(
            goods=tuple(
                DraftGoods(entry_key=key, quantity_kg=Decimal(1), mode=CarriageMode.TANK)
                for key in ("1203", "1230")
            ),
            permits=tuple(
                Permit(kind=PermitKind.WASTE_MANIFEST, number=number) for number in ("A", "B")
            ),
        ),
        1,
    )

    without_line = read_draft(FormReader(form=form), NOW, dropped=Dropped(line=0)).draft
    without_permit = read_draft(FormReader(form=form), NOW, dropped=Dropped(permit=0)).draft

    assert [line.entry_key for line in without_line.goods] == ["1230"]
    assert [permit.number for permit in without_line.permits] == ["A", "B"]
    assert [permit.number for permit in without_permit.permits] == ["B"]


def test_what_waits_is_named_behind_what_is_written() -> None:
    draft = Draft(permits=(Permit(kind=PermitKind.WASTE_MANIFEST, number="A"),))

    problems = unfilled(draft, Waiting(rows=("1203",), permits=1))

    assert [(problem.pointer, problem.code) for problem in problems] == [
        ("/goods/0/quantity_kg", "required"),
        ("/permits/1/number", "required"),
    ]
