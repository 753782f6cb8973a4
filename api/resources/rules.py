"""The rule book: what is judged, by which law, since when, and what the answers mean."""

from datetime import date
from http import HTTPStatus

from api.auth import requires
from api.blueprint import Blueprint
from api.runtime import runtime
from api.schemas.rules import (
    RuleDaySchema,
    RuleEntry,
    RuleEntrySchema,
    RuleList,
    RuleListSchema,
    RuleQuery,
    RuleQuerySchema,
)
from waybill.clock import local_date
from waybill.errors import NotFoundError
from waybill.registry.access import Permission
from waybill.rules.book import UnknownRuleError, rules_on, versions_of
from waybill.rules.register import EDITIONS, current_edition

blueprint = Blueprint(
    "rules", __name__, url_prefix="/api/v1/rules", description="Rule book (规则手册)"
)


@blueprint.get("")
@requires(Permission.READ_GOODS)
@blueprint.arguments(RuleQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, RuleListSchema)
def list_rules(wanted: RuleQuery) -> RuleList:
    """List the rules in force on a day, one version each, in the order of the register."""
    on, edition = wanted.on or _today(), wanted.edition or current_edition()
    if edition not in {known.id for known in EDITIONS}:
        raise NotFoundError("edition", edition)
    return RuleList(on=on, edition=edition, items=rules_on(on, edition, wanted.phase))


@blueprint.get("/<string:code>")
@requires(Permission.READ_GOODS)
@blueprint.arguments(RuleDaySchema, location="query")
@blueprint.response(HTTPStatus.OK, RuleEntrySchema)
def get_rule(on: date | None, code: str) -> RuleEntry:
    """Show a rule in all of its versions, with every answer it can give."""
    try:
        versions = versions_of(code)
    except UnknownRuleError:
        raise NotFoundError("rule", code) from None
    return RuleEntry(code=code, on=on or _today(), versions=versions)


def _today() -> date:
    return local_date(runtime().clock.now())
