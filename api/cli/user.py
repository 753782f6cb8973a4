"""`waybill user`: accounts, made by whoever runs the installation.

The first administrator can only be made here. A password is asked for, or read from standard
input where that is no terminal; it never stands on a command line.
"""

import sys
from typing import Final
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.cli.installation import installation
from waybill.clock import SystemClock
from waybill.registry.access import ROLE_PERMISSIONS, Actor, Role
from waybill.registry.kinds import OrganisationRole
from waybill.registry.records import OrganisationParticulars
from waybill.services import identity
from waybill.services.registry.organisations import create_organisation
from waybill.storage.identity import UserRow
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import OrganisationRow

OPERATOR: Final = Actor(
    user_id=UUID(int=0),
    organisation_id=UUID(int=0),
    role=Role.ADMIN,
    permissions=ROLE_PERMISSIONS[Role.ADMIN],
)
"""Whoever runs the installation: no account, so the log shows the nil id."""


@click.group("user")
def command() -> None:
    """Make and change accounts (账号)."""


@command.command("add")
@click.argument("username")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--uscc", required=True, help="The organisation's 统一社会信用代码.")
@click.option("--found-authority", metavar="NAME", help="Register an authority of this name first.")
def add(username: str, role: str, uscc: str, found_authority: str | None) -> None:
    """Make the account USERNAME.

    An empty installation has no organisation that its first administrator could belong to:
    `--found-authority` registers it.
    """
    password = _ask_password()
    with installation() as (session, settings):
        if found_authority is not None:
            particulars = OrganisationParticulars(
                uscc=uscc, name=found_authority, roles=(OrganisationRole.AUTHORITY,)
            )
            create_organisation(session, OPERATOR, particulars, clock=SystemClock())
        organisation_id = session.scalar(
            select(OrganisationRow.id).where(OrganisationRow.uscc == uscc)
        )
        if organisation_id is None:
            raise click.ClickException(f"no organisation has the code {uscc}")
        new = identity.NewUser(
            username=username,
            password=password,
            role=Role(role),
            organisation_id=organisation_id,
        )
        vault = PersonalVault(settings.pii_key, settings.pii_index_key)
        made = identity.create_user(session, None, new, vault=vault, clock=SystemClock())
    click.echo(f"{made.username} {made.id}")


@command.command("password")
@click.argument("username")
def password(username: str) -> None:
    """Give the account USERNAME a new password; all its sessions and API keys end."""
    _change(username, identity.UserChange(password=_ask_password()))


@command.command("reset")
@click.argument("username")
@click.option("--reason", required=True, help="Kept in the log.")
def reset_second_factor(username: str, reason: str) -> None:
    """Take every second factor from the account USERNAME, because its owner has lost them."""
    with installation() as (session, _):
        user_id, _version = _find(session, username)
        identity.reset_second_factor(session, None, user_id, reason, clock=SystemClock())
    click.echo(f"{username} changed")


@command.command("deactivate")
@click.argument("username")
def deactivate(username: str) -> None:
    """Let the account USERNAME in no more."""
    _change(username, identity.UserChange(active=False))


@command.command("activate")
@click.argument("username")
def activate(username: str) -> None:
    """Let the account USERNAME in again."""
    _change(username, identity.UserChange(active=True))


def _change(username: str, change: identity.UserChange) -> None:
    with installation() as (session, _):
        user_id, version = _find(session, username)
        identity.change_user(
            session, None, user_id, change, expected_version=version, clock=SystemClock()
        )
    click.echo(f"{username} changed")


def _find(session: Session, username: str) -> tuple[UUID, int]:
    row = session.execute(
        select(UserRow.id, UserRow.version).where(UserRow.username == username)
    ).one_or_none()
    if row is None:
        raise click.ClickException(f"there is no account {username}")
    return row.id, row.version


def _ask_password() -> str:
    if sys.stdin.isatty():
        answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return answer
    return sys.stdin.readline().rstrip("\n")
