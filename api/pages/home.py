"""The start page: what waits for the one who came in."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from api.auth import actor, requires
from api.runtime import runtime
from api.transactions import reading
from waybill.clock import local_date
from waybill.registry.access import Actor, Permission, Role
from waybill.registry.cases import CorrectionRequest
from waybill.registry.kinds import CertificateStatus
from waybill.registry.records import Certificate
from waybill.services.cases.queries import count_open_requests, list_own_requests
from waybill.services.paging import PageRequest
from waybill.services.registry.certificates import list_certificates
from waybill.services.registry.fitness import certificate_fitness
from waybill.services.registry.subject_names import subject_names
from waybill.services.waybills.queries import WaybillFilter, WaybillSummary, list_waybills

SOON: Final = timedelta(days=30)
SHOWN: Final = PageRequest(limit=8)
MOST_PAPERS: Final = PageRequest(limit=50)

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@requires(Permission.READ_OWN_ACCOUNT)
def start() -> ResponseReturnValue:
    """Show what waits; at the bay and for auditors that is their own first page."""
    who = actor()
    if Permission.CHECK_LOADING in who.permissions:
        return redirect(url_for("bay.arrivals"))
    if who.role in (Role.AUDITOR, Role.SENIOR_AUDITOR):
        return redirect(url_for("auditor.index"))
    now = runtime().clock.now()
    with reading() as session:
        papers = _ending_papers(session, who)
        about = [(paper.subject_kind, paper.subject_id) for paper in papers]
        names = subject_names(session, about, vault=runtime().vault)
        waybills = _waybills(session, who, WaybillFilter())
        changed = _waybills(session, who, WaybillFilter(attention=True))
        asked = _asked(session, who)
        asked_count = count_open_requests(session, who) if asked else 0
    return render_template(
        "home.html",
        papers=[(paper, certificate_fitness(paper, now)) for paper in papers],
        names=names,
        waybills=waybills,
        changed=changed,
        asked=asked,
        asked_count=asked_count,
    )


def _ending_papers(session: Session, who: Actor) -> Sequence[Certificate]:
    """Return valid papers of one's own that have ended or end soon, the soonest first."""
    if Permission.WRITE_REGISTRY not in who.permissions:
        return ()
    found = list_certificates(
        session,
        who,
        vault=runtime().vault,
        status=CertificateStatus.VALID,
        expires_by=local_date(runtime().clock.now() + SOON),
        page=MOST_PAPERS,
    ).items
    return sorted(found, key=lambda paper: (paper.valid_until is None, paper.valid_until))


def _asked(session: Session, who: Actor) -> Sequence[CorrectionRequest]:
    """Return what one's own organisation is asked and has not answered."""
    if Permission.ANSWER_CORRECTION not in who.permissions:
        return ()
    return list_own_requests(
        session,
        who,
        SHOWN,
        unanswered=True,
        vault=runtime().vault,
        clock=runtime().clock,
    ).items


def _waybills(session: Session, who: Actor, wanted: WaybillFilter) -> Sequence[WaybillSummary]:
    """Return the newest waybills that the account may see and that are wanted."""
    if Permission.READ_WAYBILL not in who.permissions:
        return ()
    return list_waybills(session, who, wanted, SHOWN).items
