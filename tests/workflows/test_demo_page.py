"""The demonstration's page of codes: everything to scan, served only where the demo asks for it."""

import html
import re
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from api import create_app
from api.demo.case import Case, Twist
from api.demo.cases import CASES
from api.demo.seed import seed
from scanners.readers import read_text, verify_reading
from tests.harness.accounts import PASSWORD
from tests.harness.demo_site import DemoSite
from waybill.clock import FixedClock
from waybill.services.keys import read_key_ring
from waybill.storage.personal import PersonalVault
from waybill.storage.session import read_session, session_factory

TEXT = re.compile(r"<textarea[^>]*>([^<]+)</textarea>")
SHOWN = [case for case in CASES if case.twist is not Twist.NOT_ISSUED]


def codes_of(case: Case) -> int:
    """Return how many codes a case shows: waybill, vehicle, two people, and what else it has."""
    return 4 + bool(case.trailer) + bool(case.tank)


def test_every_code_holds_but_the_forged_one_and_no_name_is_shown(
    site: DemoSite, site_engine: Engine, site_url: str, clock: FixedClock, tmp_path: Path
) -> None:
    page = tmp_path / "codes.html"
    settings = replace(site.settings(site_url), demo_page=page)
    vault = PersonalVault(settings.pii_key, settings.pii_index_key)
    sessions = session_factory(site_engine)
    seed(sessions, settings, vault, clock=clock, password=PASSWORD, page=page)
    app = create_app(settings, clock=clock)

    answer = app.test_client().get("/demo")

    with read_session(sessions) as session:
        keys = read_key_ring(session, settings.key_dir, at=clock.now()).table
    texts = [html.unescape(text) for text in TEXT.findall(answer.text)]
    problems = [verify_reading(read_text(text), keys, clock.now()).problem for text in texts]
    before_it = [case.twist for case in SHOWN].index(Twist.CHANGED_DIGIT)
    forged = 1 + sum(map(codes_of, SHOWN[:before_it]))
    assert len(texts) == 1 + sum(map(codes_of, SHOWN))
    assert [number for number, problem in enumerate(problems) if problem] == [forged]
    assert "赵示例" not in answer.text


def test_nobody_else_serves_it(site: DemoSite, site_url: str) -> None:
    app = create_app(site.settings(site_url))

    assert app.test_client().get("/demo").status_code == 404
