"""The bay: a check is opened with a waybill's code, gathers evidence, is decided, releases."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.bay import (
    Addition,
    Check,
    Decided,
    Opened,
    check_of,
    decided_of,
    opened_of,
    scan_of,
    seen_of,
)
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.looking import looking_key
from api.paging import page_schema
from api.runtime import runtime
from api.schemas.checks import (
    AdditionSchema,
    CheckSchema,
    CheckSummarySchema,
    DecisionSchema,
    OpenedSchema,
    ReleaseSchema,
)
from api.schemas.evidence import (
    CheckQuery,
    CheckQuerySchema,
    EnteredLoading,
    EnteredLoadingSchema,
    SeenPlate,
    SeenPlateSchema,
    SeenPresence,
    SeenPresenceSchema,
    Shown,
    ShownSchema,
)
from api.schemas.opening import Opening, OpeningSchema
from api.signing import key_ring
from api.transactions import plans_alike, reading, transaction
from scanners.presenting import present
from waybill.registry.access import Permission
from waybill.rules.evidence import ScanKind
from waybill.services.checks import deciding, evidence, opening, queries, releasing
from waybill.services.checks.queries import CheckSummary
from waybill.services.checks.releasing import Release
from waybill.services.checks.told import told_late
from waybill.services.paging import Page

blueprint = Blueprint(
    "checks", __name__, url_prefix="/api/v1/checks", description="Checks at the bay (查验)"
)


@blueprint.post("")
@requires(Permission.CHECK_LOADING)
@plans_alike
@idempotent
@blueprint.arguments(OpeningSchema)
@blueprint.response(HTTPStatus.CREATED, OpenedSchema)
@blueprint.alt_response(HTTPStatus.OK, schema=OpenedSchema, description="No check was opened.")
def open_check(wanted: Opening) -> tuple[Opened, HTTPStatus]:
    """Open a check with a waybill's code, or its number typed.

    A waybill that is cancelled or used is opened too, so that the attempt is recorded with its
    reasons. A code that does not hold opens nothing: 200 with `opened: false` and why. A tablet
    that could not reach the server says when it was begun; the code is judged now all the same.
    """
    keys, now = key_ring(), runtime().clock.now()
    shown = present(wanted.text, keys.table, at=now, typed=wanted.typed, expected=ScanKind.WAYBILL)
    with transaction() as session:
        opened = opening.open_check(
            session,
            actor(),
            wanted.bay_id,
            shown.item,
            clock=runtime().clock,
            looking=looking_key(),
            told=told_late(actor(), wanted.at, now),
        )
        check = queries.find_check(
            session, actor(), opened.check_id, keys=keys, clock=runtime().clock
        )
    told = opened_of(opened, check)
    return told, told.status


@blueprint.get("")
@requires(Permission.READ_CHECK)
@blueprint.arguments(CheckQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(CheckSummarySchema))
def list_checks(wanted: CheckQuery) -> Page[CheckSummary]:
    """List checks, newest first."""
    with reading() as session:
        return queries.list_checks(
            session,
            actor(),
            wanted.page,
            facility_id=wanted.facility_id,
            waybill_id=wanted.waybill_id,
        )


@blueprint.get("/<uuid:check_id>")
@requires(Permission.READ_CHECK)
@blueprint.response(HTTPStatus.OK, CheckSchema)
def get_check(check_id: UUID) -> Check:
    """Show a check as it stands at this moment, step by step."""
    keys = key_ring()
    with reading() as session:
        return check_of(
            queries.get_check(session, actor(), check_id, keys=keys, clock=runtime().clock)
        )


@blueprint.post("/<uuid:check_id>/scans")
@requires(Permission.CHECK_LOADING)
@plans_alike
@idempotent
@blueprint.arguments(ShownSchema)
@blueprint.response(HTTPStatus.CREATED, AdditionSchema)
def add_scan(shown: Shown, check_id: UUID) -> Addition:
    """Add a code or number that was shown, in any order.

    What does not match is kept like what does: it is evidence. A text that names nothing is
    recorded and proves nothing.
    """
    keys, clock = key_ring(), runtime().clock
    now = clock.now()
    presented = present(
        shown.text,
        keys.table,
        at=now,
        typed=shown.typed,
        expected=shown.expected,
        photo_sha256=shown.photo_sha256,
    )
    with transaction() as session:
        added = evidence.add_evidence(
            session,
            actor(),
            check_id,
            presented.item,
            keys=keys,
            clock=clock,
            problem=presented.problem,
            shown_at=shown.shown_at,
            told=told_late(actor(), shown.done_at, now),
        )
    return scan_of(added, presented, shown.expected)


@blueprint.post("/<uuid:check_id>/plates")
@requires(Permission.CHECK_LOADING)
@plans_alike
@idempotent
@blueprint.arguments(SeenPlateSchema)
@blueprint.response(HTTPStatus.CREATED, AdditionSchema)
def add_plate(seen: SeenPlate, check_id: UUID) -> Addition:
    """Add the plate that is on the vehicle itself."""
    return _add(check_id, seen)


@blueprint.post("/<uuid:check_id>/presences")
@requires(Permission.CHECK_LOADING)
@plans_alike
@idempotent
@blueprint.arguments(SeenPresenceSchema)
@blueprint.response(HTTPStatus.CREATED, AdditionSchema)
def add_presence(seen: SeenPresence, check_id: UUID) -> Addition:
    """Say whether driver, escort or loading supervisor is here."""
    return _add(check_id, seen)


@blueprint.post("/<uuid:check_id>/decision")
@requires(Permission.CHECK_LOADING)
@plans_alike
@idempotent
@blueprint.response(HTTPStatus.CREATED, DecisionSchema)
def decide_check(check_id: UUID) -> Decided:
    """Decide: cleared (准装) or refused (不准装). A refusal is a result, not an error.

    A refused check stays open: what is wrong is cured, shown again, and decided again.
    """
    keys = key_ring()
    with transaction() as session:
        return decided_of(
            deciding.decide_check(session, actor(), check_id, keys=keys, clock=runtime().clock)
        )


@blueprint.post("/<uuid:check_id>/release")
@requires(Permission.RELEASE_LOAD)
@idempotent
@blueprint.arguments(EnteredLoadingSchema)
@blueprint.response(HTTPStatus.CREATED, ReleaseSchema)
def release_load(entered: EnteredLoading, check_id: UUID) -> Release:
    """Enter the loading record and release the vehicle (放行), if what was loaded may leave.

    A refusal is a result: `released: false` with the findings; the load is put right and entered
    again.
    """
    keys, clock = key_ring(), runtime().clock
    with transaction() as session:
        return releasing.release_load(
            session,
            actor(),
            check_id,
            entered.at(clock.now()),
            clock_offset_ms=entered.clock_offset_ms,
            keys=keys,
            clock=clock,
        )


def _add(check_id: UUID, seen: SeenPlate | SeenPresence) -> Addition:
    keys, clock = key_ring(), runtime().clock
    now = clock.now()
    with transaction() as session:
        return seen_of(
            evidence.add_evidence(
                session,
                actor(),
                check_id,
                seen.at(now),
                keys=keys,
                clock=clock,
                told=told_late(actor(), seen.done_at, now),
            )
        )
