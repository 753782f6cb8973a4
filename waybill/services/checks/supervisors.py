"""Who can be named as loading supervisor (装卸管理人员) at a bay, without any value in clear."""

from dataclasses import dataclass

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import PersonRole, RecordStatus
from waybill.services.dossier import SUPERVISOR_MARK
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import PersonRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorName:
    """A supervisor to choose: the marked reference, and the name with all but its first masked."""

    reference: str
    name_masked: str


def list_supervisors(
    session: Session, actor: Actor, *, vault: PersonalVault
) -> tuple[SupervisorName, ...]:
    """Return the supervisors in use of the actor's own organisation.

    Raises:
        ForbiddenError: the account does not check loads.
    """
    actor.require(Permission.CHECK_LOADING)
    # Roles are a short JSON list of fixed words, so the quoted word finds them in any dialect.
    role = f'"{PersonRole.LOADING_SUPERVISOR.value}"'
    rows = session.scalars(
        select(PersonRow)
        .where(
            PersonRow.organisation_id == actor.organisation_id,
            PersonRow.status == RecordStatus.ACTIVE,
            cast(PersonRow.roles, String).contains(role),
        )
        .order_by(PersonRow.id)
    ).all()
    opened = vault.open(session, tuple(row.name_ref for row in rows))
    names = {commitment: value for commitment, (_, value) in opened.items()}
    return tuple(
        SupervisorName(
            reference=SUPERVISOR_MARK + row.reference,
            name_masked=_masked(names.get(row.name_ref, "")),
        )
        for row in rows
    )


def _masked(name: str) -> str:
    return name[:1] + "*" * (len(name) - 1)
