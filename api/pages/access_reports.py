"""What is held of one person and who looked at it, on one page, for the person who asks.

The report stands on the answer to the form alone: no address leads back to it, and making it is
an event for every value that it tells.
"""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.language import language
from api.page_forms import FormReader, messages_of
from api.pages.layout import SEEN_ELSEWHERE, problems_of
from api.problems import problem_of
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.errors import WaybillError
from waybill.registry.access import Permission
from waybill.registry.kinds import SubjectKind
from waybill.services.personal import accessing
from waybill.services.registry.subject_names import subject_names

blueprint = Blueprint("access_reports", __name__, url_prefix="/personal/access-reports")


@blueprint.get("/<uuid:person_id>")
@requires(Permission.READ_PERSONAL)
def ask(person_id: UUID) -> ResponseReturnValue:
    """Ask why the report is made."""
    return _form(person_id, {})


@blueprint.post("/<uuid:person_id>")
@requires(Permission.READ_PERSONAL)
def show(person_id: UUID) -> ResponseReturnValue:
    """Make the report and show it, once."""
    try:
        with transaction() as session:
            found = accessing.report_access(
                session,
                actor(),
                person_id,
                FormReader(form=request.form).text("reason"),
                vault=runtime().vault,
                clock=runtime().clock,
            )
            homes = {(SubjectKind.ORGANISATION, found.organisation_id)} | {
                (SubjectKind.ORGANISATION, look.organisation_id)
                for look in found.looks
                if look.organisation_id is not None
            }
            names = subject_names(session, homes, vault=None)
    except SEEN_ELSEWHERE:
        raise
    except WaybillError as error:
        messages = messages_of(problems_of(error), language())
        return _form(person_id, messages), problem_of(error).status
    return render_template("personal/access_report.html", found=found, names=names)


def _form(person_id: UUID, messages: Mapping[str, str]) -> str:
    with reading() as session:
        reference = accessing.get_reported(session, actor(), person_id).reference
    return render_template(
        "personal/access_report_form.html",
        person_id=person_id,
        reference=reference,
        messages=messages,
    )
