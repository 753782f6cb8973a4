"""What went into a tank since it was cleared, and whether the load may go onto it."""

from datetime import datetime

import pytest

from tests.harness.rule_facts import AT, goods
from tests.harness.tank_loads import TWO_COMPARTMENTS, cargo
from tests.harness.tank_papers import NOS, cleaned_on, held_before
from waybill.clock import local_date
from waybill.rules.facts import Facts
from waybill.services.checks.filled_since import may_follow

LOADED_AT: datetime = AT
UPON = cargo("1202", loaded_at=LOADED_AT)


@pytest.mark.parametrize(
    ("facts", "may"),
    [
        pytest.param(held_before(cargo("1203")), True, id="the same"),
        pytest.param(held_before(UPON), False, id="other goods"),
        pytest.param(
            held_before(UPON, certificates=(cleaned_on(local_date(LOADED_AT)),)), True, id="cleaned"
        ),
        pytest.param(
            held_before(cargo("1203", technical_name="苯"), line=goods(**NOS)),
            False,
            id="another substance of the same collective entry",
        ),
        pytest.param(
            held_before(
                cargo("1202", compartment=2),
                line=goods(compartment=1),
                compartments=TWO_COMPARTMENTS,
            ),
            True,
            id="other goods beside it",
        ),
    ],
)
def test_what_may_go_onto_what_went_in_since(facts: Facts, *, may: bool) -> None:
    assert may_follow(facts, AT) is may
