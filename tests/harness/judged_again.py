"""Every verdict that a story left is judged again from its facts, and comes out the same."""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from waybill.rules.assess import assess, findings_from_bytes, replay, verdict_digest
from waybill.rules.facts import Facts
from waybill.storage.waybills import VerdictRow


def judge_again(engine: Engine) -> int:
    """Judge every kept verdict again, compare all of it, and return how many there are."""
    with Session(engine) as session:
        verdicts = session.scalars(select(VerdictRow).order_by(VerdictRow.id)).all()
    for kept in verdicts:
        at, phase, edition = kept.judged_at, kept.phase, kept.edition
        again = assess(Facts.from_bytes(kept.facts), at=at, phase=phase, edition=edition)
        findings = again.findings_bytes()
        assert findings_from_bytes(findings) == findings_from_bytes(kept.findings)
        assert again.clears == kept.clears
        assert verdict_digest(kept.facts, findings) == kept.digest
        assert replay(kept.facts, kept.findings, phase=phase, at=at, edition=edition) == ()
    return len(verdicts)
