"""Registrars at work while carriers and loaders are: each change judges open waybills again."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, cycle
from typing import Final

from tests.harness.fault_load import town_of
from tests.harness.fault_site import SEED, FaultSite
from tests.harness.good_client import Ledger, LoadEndedError, RefusedError

WRITTEN: Final = ("uscc", "name", "roles", "address")


@contextmanager
def bureau(site: FaultSite, registrars: int = 2) -> Iterator[None]:
    """Change organisations to the end of the block, one after the other and each in its order."""
    ledger, stop = Ledger(), threading.Event()
    threads = [
        threading.Thread(target=_change, args=(site, ledger, stop, number))
        for number in range(registrars)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert ledger.failed == []
    assert ledger.met["changed"] > 0


def _change(site: FaultSite, ledger: Ledger, stop: threading.Event, number: int) -> None:
    admin = town_of(site, ledger, stop, SEED + 100 + number).account("admin")
    organisations = sorted(site.register.organisations.values())
    random.Random(number).shuffle(organisations)  # noqa: S311  the same in every run
    try:
        for nth, organisation in zip(count(), cycle(organisations)):
            path = f"/organisations/{organisation}"
            known = admin.get(path)
            written = {name: known[name] for name in WRITTEN}
            try:
                admin.put(path, written | {"phone": f"139{nth:08}"}, version=known["version"])
            except RefusedError:  # the other registrar was first
                continue
            ledger.met["changed"] += 1
    except LoadEndedError:
        pass
    except Exception as error:  # noqa: BLE001  the test is told
        ledger.failed.append(error)
    finally:
        admin.close()
