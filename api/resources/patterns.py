"""What stands out in the log."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.paging import page_schema
from api.schemas.patterns import (
    FindingPageQuery,
    FindingPageQuerySchema,
    PatternFindingSchema,
    PatternListSchema,
)
from api.transactions import reading
from waybill.registry.access import Permission
from waybill.services.paging import Page
from waybill.services.patterns.finding import (
    PatternFinding,
    count_findings,
    get_finding,
    list_findings,
)
from waybill.services.patterns.pattern import Pattern
from waybill.services.patterns.table import PATTERNS

blueprint = Blueprint(
    "patterns", __name__, url_prefix="/api/v1/patterns", description="Patterns (异常模式)"
)


@blueprint.get("")
@requires(Permission.READ_STATISTICS)
@blueprint.response(HTTPStatus.OK, PatternListSchema)
def list_patterns() -> dict[str, object]:
    """List what is looked for, with the thresholds, and how much was found."""
    with reading() as session:
        counts = count_findings(session)
    return {"items": [_told(pattern, counts[code]) for code, pattern in PATTERNS.items()]}


@blueprint.get("/findings")
@requires(Permission.READ_STATISTICS)
@blueprint.arguments(FindingPageQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(PatternFindingSchema))
def list_pattern_findings(query: FindingPageQuery) -> Page[PatternFinding]:
    """List what was found, newest first."""
    with reading() as session:
        return list_findings(session, actor(), query.wanted, query.page)


@blueprint.get("/findings/<uuid:finding_id>")
@requires(Permission.READ_STATISTICS)
@blueprint.response(HTTPStatus.OK, PatternFindingSchema)
def get_pattern_finding(finding_id: UUID) -> PatternFinding:
    """Show one finding with every event behind it."""
    with reading() as session:
        return get_finding(session, actor(), finding_id)


def _told(pattern: Pattern, found: int) -> dict[str, object]:
    names = ("code", "title_zh", "title_en", "looks_for_zh", "looks_for_en", "thresholds")
    return {name: getattr(pattern, name) for name in names} | {"found": found}
