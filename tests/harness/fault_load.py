"""Carriers and loaders at work while something breaks: whole trips, from draft to release."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from typing_extensions import override

from api.demo.case import Case
from tests.harness.bay_steps import look_at_everything
from tests.harness.demo_site import PASSWORD
from tests.harness.fault_site import SEED, FaultSite
from tests.harness.good_client import GoodClient, Ledger, LoadEndedError, RefusedError
from tests.harness.stories import Town, Trip, gross_mass_kg

LOADS: Final = (("petrol", 28500), ("methanol", 25990), ("chlorine", 20000))
"""Cases that nothing stops, and how much is loaded of each, in kg."""
LOADED_SOON: Final = timedelta(seconds=5)


@dataclass(slots=True, kw_only=True)
class BreakingTown(Town):
    """The demonstration's people, who reach the installation over a network and do not give up."""

    site: FaultSite
    ledger: Ledger
    stop: threading.Event
    chance: random.Random
    accounts: dict[str, GoodClient] = field(default_factory=dict)

    @override
    def account(self, username: str) -> GoodClient:  # type: ignore[override]  # of the same shape
        """Return an account; it signs in when it first has something to do."""
        if username not in self.accounts:
            self.accounts[username] = GoodClient(
                port=self.site.port,
                username=username,
                password=PASSWORD,
                ledger=self.ledger,
                stop=self.stop,
                chance=self.chance,
            )
        return self.accounts[username]

    @override
    def written(self, case: Case) -> dict[str, object]:
        """Return what the carrier of a case enters; a waybill is good from its day on.

        An hour ahead, as elsewhere, would be another day's between 23:00 and midnight.
        """
        planned_at = self.clock.now() + LOADED_SOON
        return Town.written(self, case) | {"planned_loading_at": planned_at.isoformat()}


def travel(town: Town, key: str, quantity_kg: int) -> None:
    """Take one load from its draft to its release."""
    trip: Trip = town.issue(key)
    check = look_at_everything(trip)
    check.decide()
    check.release(str(quantity_kg), gross_mass_kg=gross_mass_kg(trip.case, quantity_kg))


@contextmanager
def load(site: FaultSite, *, clients: int = len(LOADS)) -> Iterator[Ledger]:
    """Let clients travel to the end of the block; what they have begun is then finished.

    An act that is refused ends its trip, and the next begins.
    """
    ledger, stop = Ledger(), threading.Event()

    def work(number: int) -> None:
        town = town_of(site, ledger, stop, SEED + number)
        try:
            while not stop.is_set():
                _travel_on(town, *LOADS[number % len(LOADS)])
        except Exception as error:  # noqa: BLE001  the test is told
            ledger.failed.append(error)
        finally:
            for account in town.accounts.values():
                account.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield ledger
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def town_of(site: FaultSite, ledger: Ledger, stop: threading.Event, seed: int) -> BreakingTown:
    """Return the people of one client."""
    return BreakingTown(
        client=None,  # type: ignore[arg-type]  # accounts have connections of their own
        register=site.register,
        clock=site.clock,
        site=site,
        ledger=ledger,
        stop=stop,
        chance=random.Random(seed),  # noqa: S311  the same in every run
    )


def _travel_on(town: BreakingTown, key: str, quantity_kg: int) -> None:
    try:
        travel(town, key, quantity_kg)
    except LoadEndedError:
        return
    except RefusedError as error:
        town.ledger.met[f"refused {error.args[2]}"] += 1
