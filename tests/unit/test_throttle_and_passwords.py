"""What a guess costs and whose it is counted as; secrets that stay unsaid."""

from uuid import UUID

import pytest

from waybill.registry.access import ROLE_PERMISSIONS, Actor, Role
from waybill.services.identity import NewUser, SignedIn, UserChange
from waybill.services.identity.passwords import (
    _hash_of_nobody,
    hash_password,
    needs_rehash,
    verify_password,
)
from waybill.services.identity.throttle import _neighbourhood


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        pytest.param("203.0.113.7", "203.0.113.7", id="IPv4"),
        pytest.param("::ffff:203.0.113.7", "203.0.113.7", id="IPv4 inside IPv6"),
        pytest.param("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", id="IPv6"),
        pytest.param("2001:db8:1:2::9", "2001:db8:1:2::/64", id="its neighbour"),
        pytest.param("", "", id="a socket without address"),
        pytest.param("not an address", "not an address", id="anything else"),
    ],
)
def test_an_ipv6_address_counts_as_its_network(address: str, counted_as: str) -> None:
    assert _neighbourhood(address) == counted_as


def test_nobodys_hash_costs_what_every_hash_costs() -> None:
    real, nobodys = hash_password("long enough 1"), _hash_of_nobody()

    assert len(real) == len(nobodys)
    assert real.split("$")[:4] == nobodys.split("$")[:4]
    assert not needs_rehash(nobodys)


def test_nobody_has_nobodys_password() -> None:
    assert verify_password(None, "long enough 1") is False


def test_passwords_and_tokens_are_in_no_representation() -> None:
    actor = Actor(
        user_id=UUID(int=1),
        organisation_id=UUID(int=2),
        role=Role.ADMIN,
        permissions=ROLE_PERMISSIONS[Role.ADMIN],
    )
    holders = [
        NewUser(username="n", password="hush-hush", role=Role.ADMIN, organisation_id=UUID(int=2)),
        UserChange(password="hush-hush"),
        SignedIn(
            actor=actor,
            family=UUID(int=3),
            expires_in_s=1,
            access_token="hush-hush",
            refresh_token="hush-hush",
        ),
    ]

    assert [holder for holder in holders if "hush-hush" in repr(holder)] == []
