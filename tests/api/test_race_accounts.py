"""Accounts, invitations and links made twice at once: one is made, the other one is told."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Final
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.runtime import EXTENSION, Runtime
from tests.harness.accounts import ORGANISATIONS, Accounts, seed_accounts
from tests.harness.races import race
from waybill.clock import FixedClock
from waybill.errors import DuplicateError
from waybill.outbound.oidc import LogIn
from waybill.outbound.oidc_providers import Provider
from waybill.registry.access import Role
from waybill.services import identity
from waybill.services.identity import NewUser, sso
from waybill.services.identity.linking import link_identity
from waybill.services.identity.sessions import lock_account
from waybill.services.identity.sso import SsoBack, invitation_hash_of
from waybill.storage.factors import LinkedIdentityRow
from waybill.storage.session import write_session

MEET_WITHIN_S: Final = 0.3
"""On SQLite the second writer waits for the first, so the two never meet."""
PLANT: Final = Provider(
    id="plant",
    name_zh="淮安盐化",
    name_en="Huai'an Salt",
    issuer="https://login.example.com",
    client_id="waybill",
    organisations=frozenset({ORGANISATIONS["plant"][0]}),
    hosts=frozenset(),
)
LOG_IN: Final = LogIn(redirect_uri="", state="", nonce="", verifier="")


@pytest.fixture
def runtime(served_app: Flask) -> Runtime:
    """What the served application's views share."""
    found: Runtime = served_app.extensions[EXTENSION]
    return found


@pytest.fixture
def accounts(runtime: Runtime, clock: FixedClock) -> Accounts:
    """The usual accounts, committed."""
    with write_session(runtime.sessions) as session:
        return seed_accounts(session, clock.now())


def outcome(runtime: Runtime, act: Callable[[Session], object]) -> str:
    try:
        with write_session(runtime.sessions) as session:
            return type(act(session)).__name__
    except DuplicateError:
        return "told"


def test_one_name_is_given_once(runtime: Runtime, accounts: Accounts, clock: FixedClock) -> None:
    new = NewUser(
        username="one-name",
        password="long enough 1",
        role=Role.LOADER,
        organisation_id=accounts.organisations["plant"],
        name="王小明",
    )

    def make(session: Session) -> object:
        admin = accounts.actor("admin")
        return identity.create_user(session, admin, new, vault=runtime.vault, clock=clock)

    answers = race([partial(outcome, runtime, make)] * 3)

    assert Counter(answers) == {"User": 1, "told": 2}


def invite(runtime: Runtime, accounts: Accounts, name: str, session: Session) -> object:
    return link_identity(
        session,
        accounts.actor("admin"),
        accounts.users[name].id,
        PLANT,
        None,
        vault=runtime.vault,
        settings=runtime.settings,
        clock=runtime.clock,
    )


def test_one_account_is_invited_once(runtime: Runtime, accounts: Accounts) -> None:
    inviting = partial(invite, runtime, accounts, "loader")

    answers = race([partial(outcome, runtime, inviting)] * 3)

    assert Counter(answers) == {"LinkedIdentity": 1, "told": 2}


def test_one_person_who_accepts_two_invitations_at_once_has_one_account(
    runtime: Runtime, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = []
    for name in ("loader", "supervisor"):
        with write_session(runtime.sessions) as session:
            codes.append(str(getattr(invite(runtime, accounts, name, session), "code", "")))
    both = Barrier(2)

    def meeting(session: Session, user_id: UUID) -> object:
        with suppress(BrokenBarrierError):
            both.wait(MEET_WITHIN_S)
        return lock_account(session, user_id)

    monkeypatch.setattr("waybill.services.identity.sso.lock_account", meeting)

    def accept(code: str, session: Session) -> object:
        back = SsoBack(
            log_in=LOG_IN,
            next_address="",
            invitation_hash=invitation_hash_of(code, runtime.settings),
        )
        return sso.finish_sso(
            session,
            PLANT,
            "person-1",
            back,
            vault=runtime.vault,
            settings=runtime.settings,
            clock=runtime.clock,
        )

    answers = race([partial(outcome, runtime, partial(accept, code)) for code in codes])

    with runtime.sessions() as session:
        linked = session.scalars(select(LinkedIdentityRow.subject_index)).all()
    # Where they do not meet, the second finds the link and comes in as the first account.
    assert Counter(answers) in ({"SignedIn": 1, "RefusedSignIn": 1}, {"SignedIn": 2})
    assert [index is None for index in sorted(linked, key=str)].count(False) == 1
