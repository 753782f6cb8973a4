"""A waybill's whole story: every act with what it signed, judged and showed."""

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.bay import Bay, answer
from tests.harness.bay_answers import photograph, picture
from waybill.registry.access import Role
from waybill.storage.session import write_session
from waybill.storage.waybills import WaybillRevisionRow


def test_a_story_tells_every_act_with_its_signature_and_its_verdict(bay: Bay) -> None:
    issued, _ = bay.released()

    story = answer(bay.get(f"/waybills/{issued['id']}/story", Role.AUDITOR), 200)

    chapters = {c["event"]["kind"]: c for c in story["chapters"]}
    kinds = [c["event"]["kind"] for c in story["chapters"]]
    assert (kinds[:3], kinds[-1]) == (
        ["waybill-drafted", "waybill-issued", "check-opened"],
        "load-released",
    )
    assert (story["number"], story["status"], story["whole"]) == (
        issued["number"],
        "released",
        True,
    )
    paper = chapters["waybill-issued"]["paper"]
    assert (paper["revision"], paper["digest"], paper["problem"]) == (1, issued["digest"], "")
    record = chapters["load-released"]["paper"]
    assert (record["revision"], record["problem"]) == (None, "")
    verdict = chapters["check-decided"]["verdict"]
    assert verdict["clears"] is True
    assert verdict["digest"] == chapters["check-decided"]["event"]["body"]["data"]["verdict"]
    assert all("facts" in finding for finding in verdict["findings"])
    assert chapters["code-scanned"]["paper"] is None


def test_a_photo_stands_where_it_was_taken(bay: Bay) -> None:
    issued = bay.issued()
    check_id = bay.opened(issued["qr_text"])
    answer(photograph(bay, check_id, "orange_plates", picture(kind="JPEG")), 201)

    story = answer(bay.get(f"/waybills/{issued['id']}/story", Role.AUDITOR), 200)

    photos = [photo for chapter in story["chapters"] for photo in chapter["photos"]]
    assert [(p["check_id"], p["shows"]) for p in photos] == [(check_id, "orange_plates")]
    shown = bay.get(f"/checks/{check_id}/photos/{photos[0]['sha256']}", Role.AUDITOR)
    assert shown.content_type == "image/jpeg"


def test_a_document_that_was_altered_no_longer_holds(bay: Bay, runtime: Runtime) -> None:
    issued = bay.issued()
    with write_session(runtime.sessions) as session:
        alter(session)

    story = answer(bay.get(f"/waybills/{issued['id']}/story", Role.AUDITOR), 200)

    papers = [c["paper"] for c in story["chapters"] if c["paper"]]
    assert [paper["problem"] for paper in papers] == ["bad-signature"]


def alter(session: Session) -> None:
    """Change a signed document behind the database's back, as its owner could."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER waybill_revision_append_only_update"))
    else:
        session.execute(text("ALTER TABLE waybill_revision DISABLE TRIGGER ALL"))
    session.execute(update(WaybillRevisionRow).values(document=b"{}"))


def test_each_look_is_told_by_the_next_and_not_to_the_parties(bay: Bay) -> None:
    issued = bay.issued()
    path = f"/waybills/{issued['id']}"
    answer(bay.get(f"{path}/story", Role.AUDITOR), 200)

    story = answer(bay.get(f"{path}/story", Role.AUDITOR), 200)

    looks = [c["event"] for c in story["chapters"] if c["event"]["kind"] == "events-searched"]
    assert [look["body"]["data"] for look in looks] == [{"filters": {"story": issued["id"]}}]


def test_a_draft_has_no_story_for_the_authority(bay: Bay) -> None:
    draft = bay.drafted()["summary"]["id"]

    assert bay.get(f"/waybills/{draft}/story", Role.AUDITOR).status_code == 404


def test_only_who_reads_the_log_reads_a_story(bay: Bay) -> None:
    issued = bay.issued()

    seen = [
        bay.get(f"/waybills/{issued['id']}/story", role).status_code
        for role in ("carrier", "loader", "inspector")
    ]

    assert seen == [403, 403, 403]
