"""Whether an organisation may register something at all."""

from sqlalchemy.orm import Session

from waybill.errors import StateError
from waybill.registry.access import Actor
from waybill.registry.kinds import OrganisationRole, RecordStatus
from waybill.registry.labels import label_of
from waybill.storage.registry import OrganisationRow


def require_role(session: Session, actor: Actor, role: OrganisationRole) -> None:
    """Refuse a registration by an organisation that has no such role, or is not active.

    Raises:
        StateError: names the role.
    """
    row = session.get_one(OrganisationRow, actor.organisation_id)
    if role.value not in row.roles or row.status is not RecordStatus.ACTIVE:
        label = label_of(role)
        raise StateError(
            f"本单位不是在用的{label.zh}。",
            f"Your organisation is not an active {label.en}.",
            state=row.status.value,
            act=f"register-as-{role.value}",
            next_step_zh="请联系系统管理员。",
            next_step_en="Ask the administrator of the system.",
        )
