"""What a verdict costs: `make bench`.

Facts of one goods line and of twenty are judged at the bay, round after round in turn, beside a
yardstick of the same run: the check of one ES256 signature, which every scan pays as well.
Printed are milliseconds of processor time, median and 99th percentile, and the ratio to the
yardstick; the machine's own speed falls out of the ratio.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial

import click
import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from tests.harness.rule_facts import AT, goods
from tests.harness.rule_trips import packages_trip, trip
from waybill.rules.assess import assess
from waybill.rules.facts import CarriageMode, Facts
from waybill.rules.finding import Phase
from waybill.rules.register import current_edition

ROUNDS = 200
LINES = 20


def _judge(facts: Facts) -> Callable[[], object]:
    edition = current_edition()
    return lambda: assess(facts, at=AT, phase=Phase.BEFORE_LOADING, edition=edition)


def _twenty() -> Facts:
    one = goods(
        mode=CarriageMode.PACKAGES,
        quantity_kg=Decimal(400),
        gross_mass_kg=Decimal(420),
        packages=20,
    )
    lines = tuple(replace(one, position=number) for number in range(1, LINES + 1))
    return packages_trip(goods=lines)


def _signature() -> Callable[[], object]:
    key = ec.generate_private_key(ec.SECP256R1())
    token = jwt.encode({"sub": "a"}, key, algorithm="ES256")
    public = key.public_key()
    return lambda: jwt.decode(token, public, algorithms=["ES256"])


def main() -> None:
    """Measure and print."""
    cases: dict[str, Callable[[], object]] = {
        "one signature (yardstick)": _signature(),
        "verdict, one goods line in a tank": _judge(trip()),
        f"verdict, {LINES} goods lines in packages": _judge(_twenty()),
        "facts to bytes": trip().to_bytes,
        "facts from bytes": partial(Facts.from_bytes, trip().to_bytes()),
    }
    spent: dict[str, list[float]] = {name: [] for name in cases}
    for round_number in range(ROUNDS + 20):
        for name, case in cases.items():
            begun = time.process_time()
            case()
            if round_number >= 20:
                spent[name].append((time.process_time() - begun) * 1000)
    yardstick = statistics.median(next(iter(spent.values())))
    click.echo(f"{'':40} {'median ms':>10} {'p99 ms':>10} {'× yardstick':>12}")
    for name, times in spent.items():
        median = statistics.median(times)
        p99 = statistics.quantiles(times, n=100)[98]
        click.echo(f"{name:40} {median:10.3f} {p99:10.3f} {median / yardstick:12.1f}")


if __name__ == "__main__":
    main()
