"""One code, given by two at once, lets one in: on both databases, with real commits."""

from collections import Counter
from functools import partial

import pytest
from flask import Flask

from api.runtime import EXTENSION, Runtime
from tests.harness.accounts import seed_accounts
from tests.harness.races import race
from tests.harness.second_factors import Enrolling, Phone, asking_for_factors
from waybill.clock import FixedClock
from waybill.storage.session import write_session


@pytest.mark.parametrize("codes", ["a code of the phone", "a recovery code", "a half sign-in"])
def test_what_is_good_once_lets_one_of_four_in(
    served_app: Flask, clock: FixedClock, codes: str
) -> None:
    runtime: Runtime = served_app.extensions[EXTENSION]
    with write_session(runtime.sessions) as session:
        seed_accounts(session, clock.now())
    with asking_for_factors(runtime, "auditor"):
        people = [
            Enrolling(client=served_app.test_client(), phone=Phone(clock=clock), username="auditor")
            for _ in range(4)
        ]
        people[0].enrol()
        recovery = people[0].recovery_codes
        if codes == "a half sign-in":
            halves, given = [people[0].half()] * 4, recovery[:4]
        else:
            halves = [each.half() for each in people]
            one = people[0].phone.code(steps=1) if "phone" in codes else recovery[0]
            given = [one] * 4

        answers = race(
            [
                partial(each.code, code, half)
                for each, code, half in zip(people, given, halves, strict=True)
            ]
        )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 3}
