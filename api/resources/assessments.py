"""Judging without writing anything: now, or for a day to come."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.runtime import runtime
from api.schemas.assessments import AssessmentSchema, AssessmentWish, AssessmentWishSchema
from api.signing import key_ring
from api.transactions import reading
from waybill.registry.access import Permission
from waybill.rules.assess import Assessment
from waybill.services import assessing

blueprint = Blueprint(
    "assessments",
    __name__,
    url_prefix="/api/v1/assessments",
    description="Judging without writing (试判)",
)


@blueprint.post("")
@requires(Permission.ASSESS)
@blueprint.arguments(AssessmentWishSchema)
@blueprint.response(HTTPStatus.OK, AssessmentSchema)
def create_assessment(wish: AssessmentWish) -> Assessment:
    """Judge a waybill, a draft or plain facts, as at any point of a waybill's life.

    Nothing is changed, kept or recorded. What cannot be known yet is answered as not proven.
    """
    terms, subject, clock = wish.terms, wish.subject, runtime().clock
    if isinstance(subject, dict):
        return assessing.assess_facts(actor(), subject, terms, clock=clock)
    keys = key_ring().table
    with reading() as session:
        if isinstance(subject, UUID):
            return assessing.assess_waybill(
                session, actor(), subject, terms, keys=keys, clock=clock
            )
        return assessing.assess_draft(session, actor(), subject, terms, keys=keys, clock=clock)
