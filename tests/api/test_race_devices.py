"""Many tablets with one code: real commits, at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from api.runtime import EXTENSION, Runtime
from tests.harness.accounts import access_token, seed_accounts
from tests.harness.tablet import Tablet, make_code
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.storage.session import write_session

TABLETS = 4


def test_of_many_tablets_with_one_code_one_is_enrolled(
    served_app: Flask, clock: FixedClock
) -> None:
    runtime: Runtime = served_app.extensions[EXTENSION]
    with write_session(runtime.sessions) as session:
        accounts = seed_accounts(session, clock.now())
        place = seed_yard(session, accounts, clock.now()).facility_id
        supervisor = accounts.users["supervisor"]
        token = access_token(session, supervisor, settings=runtime.settings, now=clock.now())
    headers = {"Authorization": f"Bearer {token}"}
    code = make_code(served_app.test_client(), headers, place)
    barrier = Barrier(TABLETS)

    def enrol(_: int) -> int:
        tablet = Tablet(client=served_app.test_client(), clock=clock)
        barrier.wait()
        return tablet.try_code(code).status_code

    with ThreadPoolExecutor(TABLETS) as pool:
        answered = sorted(pool.map(enrol, range(TABLETS)))

    assert answered == [201, 422, 422, 422]
