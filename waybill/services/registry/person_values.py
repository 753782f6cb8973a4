"""A person's values between register and vault: what changes, and what was given up for good."""

from datetime import datetime

from sqlalchemy.orm import Session

from waybill.errors import StateError
from waybill.registry.kinds import SubjectKind
from waybill.registry.personal import Holder, ValueState
from waybill.registry.records import PersonChanges
from waybill.services.personal.holdings import values_of_person
from waybill.services.registry.person_fields import ID_NUMBER, NAME, PHONE
from waybill.storage.personal import PersonalVault, supersede_value
from waybill.storage.registry import PersonRow


def write_values(
    session: Session, row: PersonRow, stated: PersonChanges, vault: PersonalVault, at: datetime
) -> None:
    """Put new values into the vault and their commitments into the row; equal ones stay."""
    if stated.roles is not None:
        row.roles = [role.value for role in stated.roles]
    holder = Holder(kind=SubjectKind.PERSON, id=row.id, organisation_id=row.organisation_id)

    def replace(field: str, value: str, old: str | None) -> str:
        if old is not None:
            supersede_value(session, old, at)
        return vault.protect(session, field, value, at, holder=holder)

    if stated.name is not None and stated.name != vault.reveal(session, row.name_ref):
        row.name_ref = replace(NAME, stated.name, row.name_ref)
    if stated.id_number is not None:
        index = vault.index(ID_NUMBER, stated.id_number)
        if index != row.id_number_index:
            row.id_number_ref = replace(ID_NUMBER, stated.id_number, row.id_number_ref)
            row.id_number_index = index
    if stated.phone is not None:
        shown = vault.reveal(session, row.phone_ref) if row.phone_ref else ""
        if stated.phone and stated.phone != shown:
            row.phone_ref = replace(PHONE, stated.phone, row.phone_ref)
        elif not stated.phone and row.phone_ref:
            supersede_value(session, row.phone_ref, at)
            row.phone_ref = None


def refuse_given_up(session: Session, row: PersonRow) -> None:
    """Refuse to use again whom no document could name: new ones would outlive the values.

    Raises:
        StateError: name or identity number is erased or under restriction.
    """
    current = {row.name_ref, row.id_number_ref}
    for value in values_of_person(session, row.id):
        if value.commitment in current and value.state is not ValueState.STORED:
            raise StateError(
                "该人员的个人信息已删除或限制处理，不能恢复使用。",
                "This person's data were erased or restricted; the record is not used again.",
                state=value.state.value,
                act="resume",
                next_step_zh="请重新登记该人员。",
                next_step_en="Register the person anew.",
            )
