import pytest

from tests.harness.scope_goods import (
    ACID,
    CHLORINE,
    CYANIDE,
    EXPLOSIVE,
    FIREWORK,
    MEDICAL_WASTE,
    METHANOL,
    PETROL,
    PROPANE,
    SAMPLE,
    SODIUM_METHYLATE,
    TOXIC,
    TOXIC_GAS,
    goods,
)
from waybill.registry.scope import Answer, Coverage, CoverageReason, GoodsFacts, parse_scope

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
USUAL = "危险货物运输(2类1项,3类,8类)(剧毒化学品除外)"

CASES: list[tuple[str, GoodsFacts, Answer]] = [
    (USUAL, PETROL, YES),
    (USUAL, PROPANE, YES),
    (USUAL, ACID, YES),
    (USUAL, CHLORINE, NO),
    (USUAL, EXPLOSIVE, NO),
    # the same in other brackets, commas and digits
    ("经营性道路危险货物运输（２类１项，２类２项；３类）", PROPANE, YES),
    ("经营性道路危险货物运输【2类1项、2类2项、3类】", PETROL, YES),
    ("经营性道路危险货物运输[ 第 3 类 ]", PETROL, YES),
    ("危险货物运输(Ⅱ类Ⅰ项,Ⅲ类)", PROPANE, YES),
    ("危险货物运输(II类I项,III类)", PETROL, YES),
    ("危险货物运输(IIII类)", PETROL, UNKNOWN),
    ("危险货物运输(VIII类)", ACID, YES),
    ("危险货物运输(2类1项/3类\\8类)", ACID, YES),
    ("危险货物运输(3类和8类)", ACID, YES),
    ("危险货物运输(3类及8类)", PETROL, YES),
    ("危险货物运输（1类1项、1类2项、1类3项）", EXPLOSIVE, YES),
    ("第2.1项", PROPANE, YES),
    ("2.1类", PROPANE, YES),
    ("第3类（易燃液体）", PETROL, YES),
    ("2类1项(易燃气体)", PROPANE, YES),
    ("2类2项(易燃气体)", PROPANE, NO),
    ("2类(易燃气体)", PROPANE, YES),
    ("3类(易燃液体(汽油除外))", PETROL, UNKNOWN),
    ("3类(易燃液体(仅限甲醇))", PETROL, UNKNOWN),
    ("剧毒化学品(剧毒化学品)", CYANIDE, UNKNOWN),
    # the words before a list, without brackets
    ("危险货物运输2类1项,3类", PROPANE, YES),
    ("危险货物运输2类1项,3类", ACID, UNKNOWN),
    ("道路危险货物运输第2.1项", PROPANE, YES),
    ("普通货物运输3类", PETROL, UNKNOWN),
    ("危险化学品运输3类", PETROL, YES),
    # an old way to write divisions, and what may be class 3 or division 2.3
    ("危险货物运输(2.1项,3项)", CHLORINE, UNKNOWN),
    ("危险货物运输(2.1项,3项)", PROPANE, YES),
    ("危险货物运输(2类1项,3项)", CHLORINE, YES),
    ("第3类", PETROL, YES),
    ("三类、八类", ACID, YES),
    ("第二类第一项", PROPANE, YES),
    ("2.1项", PROPANE, YES),
    ("2.1", PROPANE, YES),
    ("2.2", PROPANE, NO),
    ("3类易燃液体", PETROL, YES),
    ("易燃液体,腐蚀性物质", ACID, YES),
    ("3类8类", ACID, YES),
    ("第2,3,8类", ACID, YES),
    ("2类1,2,3项", CHLORINE, YES),
    ("2类1项2项", PROPANE, YES),
    ("2类1-3项", CHLORINE, YES),
    ("2类(1项,3项)", PROPANE, YES),
    ("2类(2项)", PROPANE, NO),
    ("道路普通货物运输,货物专用运输(集装箱),危险货物运输(3类)", PETROL, YES),
    ("道路普通货物运输", PETROL, NO),
    ("", PETROL, NO),
    # a class without division
    ("2类", PROPANE, YES),
    ("2类", CHLORINE, UNKNOWN),
    ("6类", TOXIC, UNKNOWN),
    ("2类3项", CHLORINE, YES),
    ("6类,剧毒化学品", CYANIDE, YES),
    ("剧毒化学品", TOXIC, UNKNOWN),
    ("剧毒化学品", PETROL, NO),
    ("1类", EXPLOSIVE, UNKNOWN),
    ("1类1项", EXPLOSIVE, YES),
    ("1类1项", SAMPLE, UNKNOWN),
    ("1类4项", EXPLOSIVE, NO),
    ("3类1项", PETROL, UNKNOWN),
    # highly toxic goods
    ("危险货物运输(2类3项)(剧毒化学品除外)", CHLORINE, NO),
    ("危险货物运输(2类3项)(剧毒化学品除外)", TOXIC_GAS, UNKNOWN),
    ("危险货物运输(2类3项)", TOXIC_GAS, YES),
    ("危险货物运输(2类3项,6类1项)除剧毒化学品外", CHLORINE, NO),
    ("危险货物运输(2类3项,6类1项,剧毒化学品除外)", CHLORINE, NO),
    ("危险货物运输(2类3项,不含剧毒)", CHLORINE, NO),
    ("除剧毒化学品以外,2类3项", CHLORINE, NO),
    # named goods
    ("道路危险货物运输（汽油、柴油）", PETROL, YES),
    ("道路危险货物运输（汽油、柴油）", METHANOL, NO),
    ("道路危险货物运输（甲醇）", SODIUM_METHYLATE, UNKNOWN),
    ("危险货物运输(2类3项[仅限液氯])", CHLORINE, YES),
    ("危险货物运输(2类3项[仅限液氯])", TOXIC_GAS, NO),
    ("危险货物运输(2类3项[仅限液氯])", goods("1017", "2.3", "氯", highly_toxic="yes"), YES),
    ("危险货物运输(2类3项[仅限液氨])", goods("1005", "2.3", "无水氨"), UNKNOWN),
    ("危险货物运输(2类3项[仅限液氨])", goods("1005", "2.3", "无水氨", "液氨"), YES),
    ("危险货物运输(2类3项[仅限液氯,液氨])", CHLORINE, YES),
    ("危险货物运输(3类[限甲醇])", SODIUM_METHYLATE, UNKNOWN),
    ("危险货物运输(2类(液氯))", CHLORINE, YES),
    ("危险货物运输(2类(液氯))", PROPANE, NO),
    ("危险货物运输(3类,限液氯)", PETROL, UNKNOWN),
    ("3类,仅限汽油", PETROL, UNKNOWN),
    ("危险货物运输(UN1203)", PETROL, YES),
    ("危险货物运输(1203)", METHANOL, NO),
    ("医疗废物", MEDICAL_WASTE, YES),
    ("医疗废物", PETROL, NO),
    ("烟花爆竹", FIREWORK, YES),
    ("危险废物", PETROL, UNKNOWN),
    # exclusions of named goods and classes
    ("危险货物运输(3类(甲醇除外),8类)", METHANOL, NO),
    ("危险货物运输(3类(甲醇除外),8类)", PETROL, YES),
    ("危险货物运输(3类)(甲醇除外)", SODIUM_METHYLATE, UNKNOWN),
    ("危险货物运输(2类3项)(液氨除外)", goods("1005", "2.3", "无水氨"), UNKNOWN),
    ("危险货物运输(除甲醇、汽油外)", PETROL, NO),
    ("危险货物运输(3类)(强腐蚀性除外)", PETROL, UNKNOWN),
    ("危险货物运输(2类)(2类3项除外)", TOXIC_GAS, NO),
    ("危险货物运输(2类)(2类3项除外)", PROPANE, YES),
    ("危险货物运输(3类)(1类除外)", PETROL, YES),
    # text that can be read in two ways grants nothing
    ("危险货物运输(3类,8类(剧毒化学品除外))", TOXIC, NO),
    ("危险货物运输(6类1项,8类(剧毒化学品除外))", CYANIDE, UNKNOWN),
    ("危险货物运输(3类,汽油,甲醇除外)", PETROL, UNKNOWN),
    ("危险货物运输(3类,不含甲醇,汽油)", PETROL, UNKNOWN),
    ("危险货物运输(放射性物品,剧毒化学品除外)", goods("2912", "7", "放射性物品"), UNKNOWN),
    ("危险货物运输(1类,7类除外)", goods("2912", "7", "放射性物品"), NO),
    ("危险货物运输(1类1项,7类除外)", EXPLOSIVE, UNKNOWN),
    ("危险货物运输(3类,8类(剧毒化学品除外))", PETROL, YES),
    ("危险货物运输(3类)(剧毒化学品(汽油)除外)", PETROL, UNKNOWN),
    ("除外(甲醇),3类", PETROL, UNKNOWN),
    ("危险货物运输(3类),危险货物运输(3类(汽油除外))", PETROL, UNKNOWN),
    ("危险货物运输(3类,5类1项)(不含剧毒、易制爆)", PETROL, UNKNOWN),
    ("危险货物运输(3类,5类1项)(不含剧毒、甲醇)", PETROL, YES),
    ("危险货物运输(3类)(易制爆危险化学品除外)", PETROL, UNKNOWN),
    ("危险货物运输(6类1项,8类)(除剧毒、放射性外)", ACID, YES),
    ("危险货物运输(7类,8类)(除剧毒、放射性外)", goods("2912", "7", "放射性物品"), NO),
    ("道路危险货物运输(第3类,不含汽油)", PETROL, NO),
    ("道路危险货物运输(第3类,不含汽油)", METHANOL, YES),
    # brackets around a list change nothing
    ("(3类(汽油除外))", PETROL, NO),
    ("(危险货物运输(3类)),8类", PETROL, YES),
    ("危险货物运输(8类,(3类))", CHLORINE, NO),
    # what cannot be parsed
    ("非经营性道路危险货物运输", PETROL, UNKNOWN),
    ("危险货物运输(3类", PETROL, UNKNOWN),
    ("危险货物运输3类)", PETROL, UNKNOWN),
    ("(" * 9 + "3类" + ")" * 9, PETROL, UNKNOWN),
    ("3类" + "," * 2000, PETROL, UNKNOWN),
    ("危险货物运输(3)", PETROL, UNKNOWN),
    ("危险品3类运输", PETROL, UNKNOWN),
    ("危险货物运输(3类,不得跨省)", PETROL, UNKNOWN),
    ("危险货物运输(3类),仓储服务", PETROL, YES),
    ("危险货物运输(3类),仓储服务", ACID, UNKNOWN),
    ("3类腐蚀性物质", ACID, UNKNOWN),
    ("3类腐蚀性物质", PETROL, UNKNOWN),
    ("3类(闪点不低于23度)", PETROL, UNKNOWN),
    ("3类(8类)", PETROL, UNKNOWN),
    ("2类(3类1项)", PROPANE, NO),
    ("氰化物等", PETROL, UNKNOWN),
    ("2类3-1项", PROPANE, UNKNOWN),
]


@pytest.mark.parametrize(("text", "facts", "answer"), CASES)
def test_a_scope_covers_what_it_says_and_nothing_else(
    text: str, facts: GoodsFacts, answer: Answer
) -> None:
    assert parse_scope(text).covers(facts).answer is answer


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        pytest.param(
            USUAL,
            PETROL,
            Coverage(answer=YES, reason=CoverageReason.COVERED, clause="3类"),
            id="covered",
        ),
        pytest.param(
            USUAL, EXPLOSIVE, Coverage(answer=NO, reason=CoverageReason.NOT_LISTED), id="not listed"
        ),
        pytest.param(
            "2类3项(剧毒化学品除外)",
            CHLORINE,
            Coverage(answer=NO, reason=CoverageReason.HIGHLY_TOXIC_EXCLUDED, clause="剧毒化学品"),
            id="highly toxic goods excluded",
        ),
        pytest.param(
            "3类(甲醇除外)",
            METHANOL,
            Coverage(answer=NO, reason=CoverageReason.EXCLUDED, clause="甲醇"),
            id="named goods excluded",
        ),
        pytest.param(
            "2类3项(剧毒化学品除外)",
            TOXIC_GAS,
            Coverage(
                answer=UNKNOWN,
                reason=CoverageReason.HIGHLY_TOXIC_NOT_DECLARED,
                clause="剧毒化学品",
            ),
            id="not declared whether highly toxic",
        ),
        pytest.param(
            "2类",
            CHLORINE,
            Coverage(answer=UNKNOWN, reason=CoverageReason.HIGHLY_TOXIC_NOT_NAMED, clause="2类"),
            id="highly toxic goods under a whole class",
        ),
        pytest.param(
            "1类",
            EXPLOSIVE,
            Coverage(answer=UNKNOWN, reason=CoverageReason.DIVISION_NOT_NAMED, clause="1类"),
            id="explosives under a whole class",
        ),
        pytest.param(
            "危险货物运输(甲醇)",
            SODIUM_METHYLATE,
            Coverage(answer=UNKNOWN, reason=CoverageReason.NAME_NOT_SETTLED, clause="甲醇"),
            id="a name inside another",
        ),
        pytest.param(
            "危险废物",
            PETROL,
            Coverage(answer=UNKNOWN, reason=CoverageReason.WASTE_NOT_DECLARED, clause="危险废物"),
            id="not declared whether waste",
        ),
        pytest.param(
            "非经营性道路危险货物运输(3类)",
            PETROL,
            Coverage(answer=UNKNOWN, reason=CoverageReason.OWN_ACCOUNT, clause="3类"),
            id="for own account",
        ),
        pytest.param(
            "3类(罐式)",
            PETROL,
            Coverage(answer=UNKNOWN, reason=CoverageReason.TANK_NOT_SETTLED, clause="3类"),
            id="nobody said whether in a tank",
        ),
        pytest.param(
            "危险货物运输(3类)(试点)",
            PETROL,
            Coverage(answer=UNKNOWN, reason=CoverageReason.AMBIGUOUS, clause="试点"),
            id="words nobody knows in a list of their own",
        ),
        pytest.param(
            "危险货物运输(3类)(某某物质)",
            PETROL,
            Coverage(answer=UNKNOWN, reason=CoverageReason.AMBIGUOUS, clause="某某物质"),
            id="a category nobody knows in a list of its own",
        ),
        pytest.param(
            "危险货物运输(除甲醇、汽油外)",
            ACID,
            Coverage(
                answer=UNKNOWN,
                reason=CoverageReason.NOTHING_NAMED,
                clause="危险货物运输(除甲醇,汽油外)",
            ),
            id="nothing named",
        ),
        pytest.param(
            "3类,不得跨省",
            PETROL,
            Coverage(answer=UNKNOWN, reason=CoverageReason.UNPARSED, clause="不得跨省"),
            id="words that may restrict",
        ),
        pytest.param(
            "3类,3类(汽油除外)",
            PETROL,
            Coverage(answer=UNKNOWN, reason=CoverageReason.AMBIGUOUS, clause="汽油"),
            id="an exclusion that may reach further",
        ),
        pytest.param(
            "危险货物运输(3类(汽油除外)),危险货物运输(3类)",
            PETROL,
            Coverage(answer=UNKNOWN, reason=CoverageReason.CONTRADICTION, clause="汽油"),
            id="granted and excluded",
        ),
    ],
)
def test_an_answer_says_why_and_which_words_decided(
    text: str, facts: GoodsFacts, expected: Coverage
) -> None:
    assert parse_scope(text).covers(facts) == expected


@pytest.mark.parametrize(("waste", "answer"), [(True, YES), (False, NO)])
def test_hazardous_waste_is_covered_once_it_is_declared(waste: bool, answer: Answer) -> None:  # noqa: FBT001
    assert parse_scope("危险废物").covers(goods("1203", "3", waste=waste)).answer is answer


def test_what_was_not_understood_is_kept() -> None:
    scope = parse_scope("危险货物运输(3类),仓储服务,不得跨省(市)")

    assert scope.unparsed == ("仓储服务", "不得跨省(市)")
