"""AFTER-01.times: whether the loading took place after the clearance, and soon after it."""

from datetime import datetime, timedelta
from typing import Final

from waybill.rules.after_loading import NO_RECORD, UNREAD_AFTER
from waybill.rules.bases import AFTER, FIRST_EDITION, ORDER_29_IN_FORCE, order_29
from waybill.rules.evidence import LoadingItem
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.limits import CLEARANCE_LIFETIME
from waybill.rules.rule import Judgement, Rule, failed, passed, unknown


def check_times(facts: Facts, at: datetime) -> Finding:
    """Refuse a loading record that begins before the clearance, or ends early or in the future.

    Loading begins after the check, never before it, and in the shift that saw vehicle and people.
    People write down whole minutes, so the minute of the clearance itself is allowed.

    Source: Order 29/2019, article 30.
    """
    loading = facts.evidence.loading()
    if loading is None:
        return TIMES.finding(*unknown("no_record"))
    about = {
        "started_at": _text(loading.started_at),
        "finished_at": _text(loading.finished_at),
    }
    if loading.finished_at < loading.started_at:
        return TIMES.finding(*failed("ends_before_start", **about))
    problem = _find_clearance_problem(facts, loading)
    if problem is not None:
        return TIMES.finding(problem.outcome, problem.reason, {**about, **problem.facts})
    if loading.finished_at > at:
        return TIMES.finding(*failed("in_future", **about, judged_at=_text(at)))
    return TIMES.finding(*passed("in_order", **about))


def _find_clearance_problem(facts: Facts, loading: LoadingItem) -> Judgement | None:
    cleared_at = facts.waybill.cleared_at
    if cleared_at is None:
        return None
    if loading.started_at < cleared_at.replace(second=0, microsecond=0):
        return failed("before_clearance", cleared_at=_text(cleared_at))
    limit = CLEARANCE_LIFETIME.value
    if loading.started_at > cleared_at + timedelta(hours=limit):
        return failed("clearance_outdated", cleared_at=_text(cleared_at), limit_hours=limit)
    return None


def _text(moment: datetime) -> str:
    return moment.isoformat()


TIMES: Final = Rule(
    code="AFTER-01.times",
    version=1,
    title_zh="装货起止时间",
    title_en="Times of loading",
    basis=(order_29("30"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AFTER,
    confirmed=False,
    confirmed_note=UNREAD_AFTER,
    reasons={
        **NO_RECORD,
        "in_order": Outcome.PASSED,
        "ends_before_start": Outcome.FAILED,
        "before_clearance": Outcome.FAILED,
        "clearance_outdated": Outcome.FAILED,
        "in_future": Outcome.FAILED,
    },
    reads=("waybill.cleared_at", "evidence.loading"),
    check=check_times,
)
RULES: Final = (TIMES,)
