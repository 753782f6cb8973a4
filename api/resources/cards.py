"""Code cards for the bay: signed anew whenever they are fetched, each an entry of the log."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from flask import Response

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.cards import (
    CardRoleSchema,
    CardSchema,
    PersonDrawing,
    PersonDrawingSchema,
    RevokedCardSchema,
)
from api.schemas.pictures import Drawing, DrawingQuerySchema
from api.schemas.registry import ReasonSchema
from api.signed import PICTURE, png_of, svg_of
from api.signing import issue_terms
from api.transactions import transaction
from waybill.qr_payload import QrKind
from waybill.registry.access import Permission
from waybill.registry.kinds import SubjectKind
from waybill.services import cards
from waybill.services.cards import Card

blueprint = Blueprint(
    "cards", __name__, url_prefix="/api/v1", description="Cards of vehicles and people (二维码卡)"
)
SVG = "image/svg+xml"
PNG = "image/png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """The record whose cards are refused now, by its version."""

    version: int


@blueprint.get("/vehicles/<uuid:vehicle_id>/card")
@requires(Permission.WRITE_REGISTRY)
@blueprint.response(HTTPStatus.OK, CardSchema)
def get_vehicle_card(vehicle_id: UUID) -> Card:
    """Sign the card of a vehicle or trailer of one's own; valid for a year."""
    return _vehicle(vehicle_id)


@blueprint.get("/vehicles/<uuid:vehicle_id>/card.svg")
@requires(Permission.WRITE_REGISTRY)
@blueprint.arguments(DrawingQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, PICTURE, content_type=SVG)
def get_vehicle_card_svg(drawing: Drawing, vehicle_id: UUID) -> Response:
    """Draw the card of a vehicle or trailer."""
    return svg_of(_vehicle(vehicle_id).qr_text, drawing)


@blueprint.get("/vehicles/<uuid:vehicle_id>/card.png")
@requires(Permission.WRITE_REGISTRY)
@blueprint.arguments(DrawingQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, PICTURE, content_type=PNG)
def get_vehicle_card_png(drawing: Drawing, vehicle_id: UUID) -> Response:
    """Draw the card of a vehicle or trailer."""
    return png_of(_vehicle(vehicle_id).qr_text, drawing)


@blueprint.post("/vehicles/<uuid:vehicle_id>/card/revoke")
@requires(Permission.WRITE_REGISTRY)
@if_match
@blueprint.arguments(ReasonSchema)
@blueprint.response(HTTPStatus.OK, RevokedCardSchema)
def revoke_vehicle_card(
    reason: str, vehicle_id: UUID, *, expected_version: int
) -> tuple[Revoked, dict[str, str]]:
    """Refuse every card of a vehicle from now on; the next one fetched is good again."""
    return _revoke((SubjectKind.VEHICLE, vehicle_id), reason, expected_version)


@blueprint.get("/tanks/<uuid:tank_id>/card")
@requires(Permission.WRITE_REGISTRY)
@blueprint.response(HTTPStatus.OK, CardSchema)
def get_tank_card(tank_id: UUID) -> Card:
    """Sign the card of a tank of one's own; valid for a year."""
    return _tank(tank_id)


@blueprint.get("/tanks/<uuid:tank_id>/card.svg")
@requires(Permission.WRITE_REGISTRY)
@blueprint.arguments(DrawingQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, PICTURE, content_type=SVG)
def get_tank_card_svg(drawing: Drawing, tank_id: UUID) -> Response:
    """Draw the card of a tank."""
    return svg_of(_tank(tank_id).qr_text, drawing)


@blueprint.get("/tanks/<uuid:tank_id>/card.png")
@requires(Permission.WRITE_REGISTRY)
@blueprint.arguments(DrawingQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, PICTURE, content_type=PNG)
def get_tank_card_png(drawing: Drawing, tank_id: UUID) -> Response:
    """Draw the card of a tank."""
    return png_of(_tank(tank_id).qr_text, drawing)


@blueprint.post("/tanks/<uuid:tank_id>/card/revoke")
@requires(Permission.WRITE_REGISTRY)
@if_match
@blueprint.arguments(ReasonSchema)
@blueprint.response(HTTPStatus.OK, RevokedCardSchema)
def revoke_tank_card(
    reason: str, tank_id: UUID, *, expected_version: int
) -> tuple[Revoked, dict[str, str]]:
    """Refuse every card of a tank from now on; the next one fetched is good again."""
    return _revoke((SubjectKind.TANK, tank_id), reason, expected_version)


@blueprint.get("/people/<uuid:person_id>/card")
@requires(Permission.WRITE_REGISTRY)
@blueprint.arguments(CardRoleSchema, location="query")
@blueprint.response(HTTPStatus.OK, CardSchema)
def get_person_card(kind: QrKind, person_id: UUID) -> Card:
    """Sign the card of a driver, escort or loading supervisor of one's own; valid for a year."""
    return _person(person_id, kind)


@blueprint.get("/people/<uuid:person_id>/card.svg")
@requires(Permission.WRITE_REGISTRY)
@blueprint.arguments(PersonDrawingSchema, location="query")
@blueprint.response(HTTPStatus.OK, PICTURE, content_type=SVG)
def get_person_card_svg(wanted: PersonDrawing, person_id: UUID) -> Response:
    """Draw the card of a person."""
    return svg_of(_person(person_id, wanted.kind).qr_text, wanted.drawing)


@blueprint.get("/people/<uuid:person_id>/card.png")
@requires(Permission.WRITE_REGISTRY)
@blueprint.arguments(PersonDrawingSchema, location="query")
@blueprint.response(HTTPStatus.OK, PICTURE, content_type=PNG)
def get_person_card_png(wanted: PersonDrawing, person_id: UUID) -> Response:
    """Draw the card of a person."""
    return png_of(_person(person_id, wanted.kind).qr_text, wanted.drawing)


@blueprint.post("/people/<uuid:person_id>/card/revoke")
@requires(Permission.WRITE_REGISTRY)
@if_match
@blueprint.arguments(ReasonSchema)
@blueprint.response(HTTPStatus.OK, RevokedCardSchema)
def revoke_person_card(
    reason: str, person_id: UUID, *, expected_version: int
) -> tuple[Revoked, dict[str, str]]:
    """Refuse every card of a person from now on; the next one fetched is good again."""
    return _revoke((SubjectKind.PERSON, person_id), reason, expected_version)


@blueprint.get("/certificates/<uuid:certificate_id>/card")
@requires(Permission.WRITE_REGISTRY)
@blueprint.response(HTTPStatus.OK, CardSchema)
def get_certificate_card(certificate_id: UUID) -> Card:
    """Sign the card of a certificate of one's own; a change of the certificate ends it."""
    return _certificate(certificate_id)


@blueprint.get("/certificates/<uuid:certificate_id>/card.svg")
@requires(Permission.WRITE_REGISTRY)
@blueprint.arguments(DrawingQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, PICTURE, content_type=SVG)
def get_certificate_card_svg(drawing: Drawing, certificate_id: UUID) -> Response:
    """Draw the card of a certificate."""
    return svg_of(_certificate(certificate_id).qr_text, drawing)


@blueprint.get("/certificates/<uuid:certificate_id>/card.png")
@requires(Permission.WRITE_REGISTRY)
@blueprint.arguments(DrawingQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, PICTURE, content_type=PNG)
def get_certificate_card_png(drawing: Drawing, certificate_id: UUID) -> Response:
    """Draw the card of a certificate."""
    return png_of(_certificate(certificate_id).qr_text, drawing)


def _vehicle(vehicle_id: UUID) -> Card:
    terms = issue_terms()
    with transaction() as session:
        return cards.issue_vehicle_card(session, actor(), vehicle_id, terms=terms)


def _tank(tank_id: UUID) -> Card:
    terms = issue_terms()
    with transaction() as session:
        return cards.issue_tank_card(session, actor(), tank_id, terms=terms)


def _person(person_id: UUID, kind: QrKind) -> Card:
    terms = issue_terms()
    with transaction() as session:
        return cards.issue_person_card(session, actor(), person_id, kind, terms=terms)


def _certificate(certificate_id: UUID) -> Card:
    terms = issue_terms()
    with transaction() as session:
        return cards.issue_certificate_card(session, actor(), certificate_id, terms=terms)


def _revoke(
    subject: tuple[SubjectKind, UUID], reason: str, expected_version: int
) -> tuple[Revoked, dict[str, str]]:
    with transaction() as session:
        version = cards.revoke_card(
            session,
            actor(),
            subject,
            reason=reason,
            expected_version=expected_version,
            clock=runtime().clock,
        )
    return versioned(Revoked(version=version))
