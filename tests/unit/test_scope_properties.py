"""What holds of every scope, however it is written."""

from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from waybill.registry.scope import Answer, GoodsFacts, parse_scope

DIVISIONS = ["1.1D", "2.1", "2.2", "2.3", "3", "4.1", "4.2", "4.3", "5.1", "6.1", "7", "8", "9"]
TOXIC: list[Literal["yes", "no", "ask"]] = ["yes", "no", "ask"]
WORDS = st.text(
    "危险货物运输类项第剧毒化学品除外不含仅限汽油甲醇123456789.,，、;()（）[]【】 ", max_size=40
)


@st.composite
def goods(draw: st.DrawFn) -> GoodsFacts:
    division = draw(st.sampled_from(DIVISIONS))
    return GoodsFacts(
        un_number=draw(st.sampled_from(["1203", "1230", "1017"])),
        hazard_class=division[:1],
        division=division,
        names_zh=(draw(st.sampled_from(["车用汽油或汽油", "甲醇", "氯"])),),
        highly_toxic=draw(st.sampled_from(TOXIC)),
        waste=draw(st.sampled_from([None, True, False])),
        in_tank=draw(st.sampled_from([None, True, False])),
        own_account=draw(st.booleans()),
    )


def spell(division: str) -> str:
    return f"{division[0]}类{division[2]}项" if len(division) > 1 else f"{division}类"


NOISE = st.text("以下空白备注有效期至年月日证号批准机关试点自用—*.,，、;；: ", max_size=12)
"""Words that name no goods, no class and no category."""

CLAUSES = st.sampled_from(DIVISIONS).map(spell)


@given(st.text(max_size=60) | WORDS, goods())
def test_any_text_is_read_and_answered(text: str, facts: GoodsFacts) -> None:
    coverage = parse_scope(text).covers(facts)

    assert coverage.answer in Answer


@given(WORDS, goods())
def test_highly_toxic_goods_never_pass_once_the_head_excludes_them(
    text: str, facts: GoodsFacts
) -> None:
    inside = text.translate(dict.fromkeys(map(ord, "()（）[]【】")))
    scope = parse_scope(f"危险货物运输({inside})(剧毒化学品除外)")

    assert facts.highly_toxic == "no" or scope.covers(facts).answer is not Answer.YES


@given(st.lists(CLAUSES, min_size=1, max_size=6), goods())
def test_the_order_of_clauses_does_not_matter(clauses: list[str], facts: GoodsFacts) -> None:
    forwards = parse_scope(f"危险货物运输({','.join(clauses)})").covers(facts)
    backwards = parse_scope(f"危险货物运输({','.join(reversed(clauses))})").covers(facts)

    assert forwards.answer is backwards.answer


@given(st.lists(CLAUSES, min_size=1, max_size=6), goods())
def test_brackets_commas_width_and_spaces_do_not_matter(
    clauses: list[str], facts: GoodsFacts
) -> None:
    plain = f"危险货物运输({','.join(clauses)})(剧毒化学品除外)"
    wide = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}
    dressed = plain.translate(wide).replace("，", "、").replace("（", " 【").replace("）", "】 ")

    assert parse_scope(dressed).covers(facts) == parse_scope(plain).covers(facts)


@given(st.lists(CLAUSES, max_size=5), CLAUSES, goods())
def test_another_clause_never_takes_anything_away(
    clauses: list[str], more: str, facts: GoodsFacts
) -> None:
    before = parse_scope(f"危险货物运输({','.join(clauses)})").covers(facts)
    after = parse_scope(f"危险货物运输({','.join([*clauses, more])})").covers(facts)

    assert before.answer is not Answer.YES or after.answer is Answer.YES


@given(st.lists(CLAUSES, min_size=1, max_size=5), CLAUSES, goods())
def test_an_exclusion_never_adds_anything(clauses: list[str], less: str, facts: GoodsFacts) -> None:
    head = f"危险货物运输({','.join(clauses)})"
    before = parse_scope(head).covers(facts)
    after = parse_scope(f"{head}({less}除外)").covers(facts)

    assert after.answer is not Answer.YES or before.answer is Answer.YES


@given(goods())
def test_goods_are_covered_by_their_own_division_alone(facts: GoodsFacts) -> None:
    covered = [d for d in DIVISIONS if parse_scope(spell(d)).covers(facts).answer is Answer.YES]

    assert set(covered) <= {facts.division}


@given(NOISE, st.lists(CLAUSES, min_size=1, max_size=4), NOISE, goods())
def test_remarks_around_a_scope_never_add_anything(
    before: str, clauses: list[str], behind: str, facts: GoodsFacts
) -> None:
    plain = f"危险货物运输({','.join(clauses)})"

    noisy = parse_scope(f"{before}{plain}{behind}").covers(facts)

    assert noisy.answer is not Answer.YES or parse_scope(plain).covers(facts).answer is Answer.YES


@given(NOISE, st.lists(CLAUSES, min_size=1, max_size=4), goods())
def test_a_remark_in_brackets_never_adds_anything(
    remark: str, clauses: list[str], facts: GoodsFacts
) -> None:
    plain = f"危险货物运输({','.join(clauses)})"

    noisy = parse_scope(f"{plain}({remark})").covers(facts)

    assert noisy.answer is not Answer.YES or parse_scope(plain).covers(facts).answer is Answer.YES


@given(st.lists(CLAUSES, min_size=1, max_size=5), goods())
def test_own_account_never_covers_what_is_carried_for_hire(
    clauses: list[str], facts: GoodsFacts
) -> None:
    inside = ",".join(clauses)
    written = [
        f"非经营性道路危险货物运输({inside})",
        f"危险货物运输({inside})(非经营性)",
        f"危险货物运输({inside},自用)",
        f"非经营性危险货物运输,{inside}",
        f"非经营性危险货物运输(1类1项),{inside}",
    ]

    covered = {text for text in written if parse_scope(text).covers(facts).answer is Answer.YES}

    assert facts.own_account or covered == set()


@given(st.lists(CLAUSES, min_size=1, max_size=5), goods())
def test_a_limit_to_tanks_never_adds_anything(clauses: list[str], facts: GoodsFacts) -> None:
    head = f"危险货物运输({','.join(clauses)})"
    before = parse_scope(head).covers(facts)
    after = parse_scope(f"{head}(限罐式运输)").covers(facts)

    assert after.answer is not Answer.YES or (before.answer is Answer.YES and facts.in_tank)


@given(WORDS, goods())
def test_full_width_and_half_width_read_the_same(text: str, facts: GoodsFacts) -> None:
    wide = text.translate({code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)})

    full, half = parse_scope(wide).covers(facts), parse_scope(text).covers(facts)
    assert (full.answer, full.reason) == (half.answer, half.reason)


@given(st.text("2类1项,3.第8()汽油不含除外", max_size=25), st.sampled_from(DIVISIONS), goods())
def test_an_exclusion_of_the_head_never_adds_anything_however_it_reads(
    text: str, less: str, facts: GoodsFacts
) -> None:
    inside = text.translate(dict.fromkeys(map(ord, "()")))
    head = f"危险货物运输({inside})"
    before = parse_scope(head).covers(facts)
    after = parse_scope(f"{head}({spell(less)}除外)").covers(facts)

    assert after.answer is not Answer.YES or before.answer is Answer.YES
