"""Two people let a plant's item pass; nobody lets the law."""

import pytest
from sqlalchemy.orm import Session

from tests.harness.bay import API, Bay, answer, problem, standing
from tests.harness.bay_answers import REASON, item, opened, override
from waybill.registry.access import Role


class TestOverrides:
    """Two accounts with a reason let a plant's item pass; nobody overrides the law."""

    def test_two_accounts_let_an_item_pass(self, bay: Bay, database: Session) -> None:
        named = item(bay, database)
        check_id = opened(bay)

        first = answer(override(bay, check_id, named, Role.LOADER), 201)
        again = answer(override(bay, check_id, named, Role.LOADER), 201)
        second = answer(override(bay, check_id, named, Role.SUPERVISOR), 201)

        reasons = [each["findings"][0]["reason"] for each in (first, again, second)]
        assert reasons == ["not_answered", "not_answered", "overridden"]
        found = next(e for e in bay.check(check_id)["questions"] if e["id"] == named)
        users = [bay.line.yard.actor(name).user_id for name in ("loader", "supervisor")]
        assert (found["overridden_by"], found["overridden"]) == (sorted(map(str, users)), True)

    def test_the_log_names_both_and_their_reasons(self, bay: Bay, database: Session) -> None:
        named = item(bay, database)
        answer(override(bay, opened(bay), named, Role.SUPERVISOR), 201)

        event = answer(bay.get("/events?kind=evidence-added", Role.AUDITOR), 200)["items"][0]

        user = str(bay.line.yard.actor("supervisor").user_id)
        told = event["body"]["data"]["items"][0]
        assert event["body"]["actor"]["user"] == user
        assert (told["type"], told["item"], told["by"], told["reason"]) == (
            "override",
            named,
            user,
            REASON,
        )

    @pytest.mark.parametrize("question", ["orange_plates", "no_leak", "consignment_list"])
    def test_the_law_is_not_overridden(self, bay: Bay, question: str) -> None:
        refused = problem(override(bay, opened(bay), question, Role.SUPERVISOR))

        assert refused == (422, "invalid-field", [("/item", "not-overridden")])

    def test_advice_needs_no_override(self, bay: Bay, database: Session) -> None:
        named = item(bay, database, stops=False)

        refused = problem(override(bay, opened(bay), named, Role.LOADER))

        assert refused == (422, "invalid-field", [("/item", "not-overridden")])

    @pytest.mark.parametrize(
        ("reason", "code"),
        [
            pytest.param("一二三四", "too-short", id="four characters"),
            pytest.param("     ", "required", id="spaces"),
            pytest.param("一二\n三四五", "control-character", id="two lines"),
        ],
    )
    def test_a_reason_can_be_read(
        self, bay: Bay, database: Session, reason: str, code: str
    ) -> None:
        named = item(bay, database)

        status, _, fields = problem(override(bay, opened(bay), named, Role.LOADER, reason))

        assert (status, [pointer for pointer, _ in fields]) == (422, ["/reason"]), code

    @pytest.mark.parametrize("reason", ["一二三四五", "理" * 300])
    def test_five_to_three_hundred_characters_will_do(
        self, bay: Bay, database: Session, reason: str
    ) -> None:
        named = item(bay, database)

        assert override(bay, opened(bay), named, Role.LOADER, reason).status_code == 201

    def test_who_overrides_is_never_said_by_the_client(self, bay: Bay, database: Session) -> None:
        named = item(bay, database)
        body = {"item": named, "reason": REASON, "by": "somebody"}

        refused = problem(bay.post(f"/checks/{opened(bay)}/overrides", body))

        assert refused[0] == 422

    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    @pytest.mark.parametrize("anew", [False, True], ids=["in the open check", "in one opened anew"])
    def test_one_who_softens_or_retires_an_item_does_not_evade_the_second(
        self, bay: Bay, database: Session, method: str, *, anew: bool
    ) -> None:
        named, text = item(bay, database), bay.issued()["qr_text"]
        check_id = bay.opened(text)
        answer(override(bay, check_id, named, Role.SUPERVISOR), 201)

        path = f"{API}/facilities/{bay.line.yard.facility_id}/plant-items/{named}"
        headers = {**bay.headers(Role.SUPERVISOR), "If-Match": '"1"'}
        softer = {"question_zh": "鹤位？", "question_en": "Arm?", "stops": False}
        body = softer if method == "PUT" else None
        answer(bay.client.open(path, method=method, json=body, headers=headers), 200)
        check_id = bay.opened(text) if anew else check_id
        bay.show_everything(check_id)
        bay.say(check_id, named, "no", by=Role.SUPERVISOR)
        answer(override(bay, check_id, named, Role.SUPERVISOR), 201)
        alone = bay.decide(check_id)
        answer(override(bay, check_id, named, Role.LOADER), 201)
        together = bay.decide(check_id)

        assert standing(alone["verdict"]) == [("PLANT-01.before", "answered_no")]
        assert together["cleared"]

    def test_a_trip_is_cleared_with_an_item_that_two_let_pass(
        self, bay: Bay, database: Session
    ) -> None:
        named = item(bay, database)
        check_id = opened(bay)
        bay.show_everything(check_id)
        bay.say(check_id, named, "no")

        refused = bay.decide(check_id)
        for role in (Role.LOADER, Role.SUPERVISOR):
            override(bay, check_id, named, role)
        cleared = bay.decide(check_id)

        assert standing(refused["verdict"]) == [("PLANT-01.before", "answered_no")]
        assert cleared["cleared"]
