"""Who has cosigned the log, for those who read it."""

from typing import Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from api.auth import requires
from api.runtime import runtime
from api.transactions import reading
from waybill.outbound.witnesses import WitnessList
from waybill.registry.access import Permission
from waybill.services.log.cosignatures import witness_standing

PATIENCE_S: Final = 60
"""Whoever opens the page adds to the log: a checkpoint that waits so long is no fault."""

blueprint = Blueprint("witness_pages", __name__, url_prefix="/witnesses")


@blueprint.get("")
@requires(Permission.READ_EVENTS)
def index() -> ResponseReturnValue:
    """Show how the listed witnesses stand to the newest checkpoint."""
    with reading() as session:
        standing = witness_standing(session, runtime().part(WitnessList))
    late = standing.lag_s(runtime().clock.now()) > PATIENCE_S
    return render_template("auditor/witnesses.html", standing=standing, late=late)
