"""What can be said of a person, and which organisation may register whom."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy.orm import Session

from waybill.identifiers import validate_id_number, validate_phone
from waybill.registry.access import Actor, Role
from waybill.registry.kinds import OrganisationRole, PersonRole
from waybill.registry.records import PersonChanges, PersonParticulars
from waybill.services.registry.standing import require_role
from waybill.services.registry.validation import REPEATED, REQUIRED, Complaint, FieldCheck

NAME: Final = "name"
ID_NUMBER: Final = "id_number"
PHONE: Final = "phone"
CERTIFICATE_NUMBER: Final = "certificate_number"
"""The fields of the vault that the registry writes."""

_NAME_LENGTH: Final = 50

REGISTERED_BY: Final[Mapping[PersonRole, tuple[Role, OrganisationRole]]] = {
    PersonRole.DRIVER: (Role.CARRIER, OrganisationRole.CARRIER),
    PersonRole.ESCORT: (Role.CARRIER, OrganisationRole.CARRIER),
    PersonRole.LOADING_SUPERVISOR: (Role.SUPERVISOR, OrganisationRole.LOADER),
}
"""Which account of which kind of organisation registers people of a role."""

NOT_YOURS: Final = Complaint(
    "role-not-yours",
    "本账号不能登记此类人员。",
    "Your account does not register people of this kind.",
)


def settle_person(stated: PersonParticulars) -> PersonParticulars:
    """Return the particulars in their stored spelling.

    Raises:
        InvalidFieldError: names every field that cannot be accepted; never repeats a value.
    """
    check = FieldCheck()
    _check_role_list(check, stated.roles)
    check.provenance(stated.provenance)
    settled = PersonParticulars(
        name=check.line("/name", stated.name, longest=_NAME_LENGTH),
        id_number=check.identifier("/id_number", validate_id_number, stated.id_number),
        roles=stated.roles,
        phone=check.identifier("/phone", validate_phone, stated.phone) if stated.phone else None,
        provenance=stated.provenance,
    )
    check.settle()
    return settled


def settle_changes(stated: PersonChanges) -> PersonChanges:
    """Return the changes in their stored spelling.

    Raises:
        InvalidFieldError: names every field that cannot be accepted; never repeats a value.
    """
    check = FieldCheck()
    if stated.roles is not None:
        _check_role_list(check, stated.roles)
    name, id_number, phone = stated.name, stated.id_number, stated.phone
    if name is not None:
        name = check.line("/name", name, longest=_NAME_LENGTH)
    if id_number is not None:
        id_number = check.identifier("/id_number", validate_id_number, id_number)
    if phone:
        phone = check.identifier("/phone", validate_phone, phone)
    check.settle()
    return PersonChanges(name=name, id_number=id_number, phone=phone, roles=stated.roles)


def check_roles(session: Session, actor: Actor, roles: Sequence[PersonRole]) -> None:
    """Refuse people whom this account does not register.

    Raises:
        InvalidFieldError: names each role that is not the account's to register.
        StateError: the organisation is not active in the chain as it would have to be.
    """
    check = FieldCheck()
    for place, role in enumerate(roles):
        check.expect(f"/roles/{place}", NOT_YOURS, holds=actor.role is REGISTERED_BY[role][0])
    check.settle()
    for organisation_role in sorted({REGISTERED_BY[role][1] for role in roles}):
        require_role(session, actor, organisation_role)


def _check_role_list(check: FieldCheck, roles: Sequence[PersonRole]) -> None:
    check.expect("/roles", REQUIRED, holds=bool(roles))
    check.expect("/roles", REPEATED, holds=len(set(roles)) == len(roles))
