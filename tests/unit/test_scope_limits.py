"""What limits a scope beside its classes: named goods, remarks, tanks alone, own account."""

import pytest

from tests.harness.scope_goods import ACID, CHLORINE, CYANIDE, METHANOL, PETROL, goods
from waybill.registry.scope import Answer, GoodsFacts, parse_scope

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

CASES: list[tuple[str, GoodsFacts, Answer]] = [
    # narrowed to named goods in a list of its own
    ("危险货物运输(3类)（仅限汽油、柴油）", PETROL, YES),
    ("危险货物运输(3类)（仅限汽油、柴油）", METHANOL, NO),
    ("危险货物运输(3类)（仅限汽油、柴油）", ACID, NO),
    ("危险货物运输（仅限汽油、柴油）", PETROL, YES),
    ("危险货物运输（仅限汽油、柴油）", METHANOL, NO),
    ("危险货物运输(3类)（仅限UN1203）", PETROL, YES),
    ("危险货物运输(3类)（仅限剧毒化学品）", PETROL, UNKNOWN),
    ("危险货物运输(3类)（仅限汽油,8类）", PETROL, UNKNOWN),
    ("危险货物运输(3类)（仅限汽油,甲醇除外）", PETROL, UNKNOWN),
    ("危险货物运输(3类)（仅限汽油）（仅限甲醇）", PETROL, UNKNOWN),
    ("危险货物运输(3类(仅限汽油))（仅限甲醇）", PETROL, UNKNOWN),
    ("危险货物运输(3类)（仅限汽油,某某物质）", PETROL, UNKNOWN),
    ("危险货物运输(汽油,仅限甲醇)", PETROL, UNKNOWN),
    ("仅限8类,3类", PETROL, UNKNOWN),
    ("3类(仅限汽油,柴油)", PETROL, YES),
    ("3类(仅限汽油,8类)", PETROL, UNKNOWN),
    # words that nobody knows may be a name of the trade, or a limit
    ("危险货物运输(3类)（试点）", PETROL, UNKNOWN),
    ("危险货物运输(3类)（某某物质）", PETROL, UNKNOWN),
    ("危险货物运输(3类)（甲醇）", PETROL, YES),
    ("危险货物运输(3类（试点）)", PETROL, UNKNOWN),
    ("危险货物运输(3类（试点,汽油）)", PETROL, YES),
    ("危险货物运输(3类)（暂停）", PETROL, UNKNOWN),
    ("危险货物运输(3类)，已注销", PETROL, UNKNOWN),
    ("危险货物运输(3类)，江苏省内", PETROL, UNKNOWN),
    ("危险货物运输(全部类别)", PETROL, UNKNOWN),
    ("危险货物运输(3类)(集装箱)", PETROL, UNKNOWN),
    # remarks
    ("危险货物运输(3类)（有效期至2027年5月31日）", PETROL, YES),
    ("危险货物运输(3类)，有效期至2027年5月31日", ACID, NO),
    ("危险货物运输(3类) 有效期限:2023-06-01至2027-05-31", ACID, NO),
    ("危险货物运输(3类)；以下空白", ACID, NO),
    ("危险货物运输(3类)。***", ACID, NO),
    ("危险货物运输(3类)（凭有效许可证经营）", PETROL, YES),
    ("危险货物运输(3类)以下空白(汽油除外)", PETROL, UNKNOWN),
    ("危险货物运输(3类,6类1项)（含剧毒化学品）", CYANIDE, YES),
    ("危险货物运输(3类,6类1项)（含剧毒化学品）", CHLORINE, NO),
    ("危险货物运输(6类)（包括剧毒）", CYANIDE, UNKNOWN),
    ("道路大型物件运输(一类),危险货物运输(3类)", ACID, NO),
    # in tanks alone
    ("危险货物运输(3类)（限罐式运输）", PETROL, UNKNOWN),
    ("危险货物运输(3类)（限罐式运输）", goods("1203", "3", "汽油", in_tank=True), YES),
    ("危险货物运输(3类)（限罐式运输）", goods("1203", "3", "汽油", in_tank=False), NO),
    ("危险货物运输(3类（罐式）,8类)", ACID, YES),
    ("危险货物运输(3类（罐式）,8类)", PETROL, UNKNOWN),
    ("3类,罐式容器", PETROL, YES),
    ("危险货物运输(3类)（仅限罐车(汽油)）", PETROL, UNKNOWN),
    ("危险货物运输(3类)（仅限试点企业）", PETROL, UNKNOWN),
    ("危险货物运输(3类（仅限试点企业）)", PETROL, UNKNOWN),
    ("危险货物运输(3类（仅限汽油(甲醇除外)）)", PETROL, UNKNOWN),
    # own account
    ("非经营性道路危险货物运输(3类)", PETROL, UNKNOWN),
    ("非经营性道路危险货物运输(3类)", ACID, NO),
    ("非经营性道路危险货物运输(3类)", goods("1203", "3", "汽油", own_account=True), YES),
    ("道路危险货物运输（非经营性）（3类）", PETROL, UNKNOWN),
    ("危险货物运输（3类）（为本单位自用）", PETROL, UNKNOWN),
    ("危险货物运输（3类（自用））", PETROL, UNKNOWN),
    ("危险货物运输（8类,3类（自用））", ACID, UNKNOWN),
    ("危险货物运输（3类）（仅限本企业内部使用）", PETROL, UNKNOWN),
    ("非经营性道路危险货物运输,3类", PETROL, UNKNOWN),
    ("3类,非经营性道路危险货物运输", PETROL, UNKNOWN),
    ("非经营性危险货物运输(8类),3类", PETROL, UNKNOWN),
    ("3类,非经营性危险货物运输(8类)", PETROL, YES),
    ("非经营性危险货物运输(8类),经营性危险货物运输(2类),3类", PETROL, YES),
    ("非经营性道路危险货物运输第3类", PETROL, UNKNOWN),
    ("3类,8类自用", PETROL, UNKNOWN),
    ("自有危险货物运输(3类),8类", ACID, UNKNOWN),
    ("非经营性危险货物运输(3类),经营性危险货物运输(8类)", PETROL, UNKNOWN),
    ("非经营性危险货物运输(3类),经营性危险货物运输(8类)", ACID, YES),
    ("非经营性危险货物运输(3类),经营性危险货物运输(3类)", PETROL, YES),
]


@pytest.mark.parametrize(("text", "facts", "answer"), CASES)
def test_a_limit_is_kept_and_a_remark_changes_nothing(
    text: str, facts: GoodsFacts, answer: Answer
) -> None:
    assert parse_scope(text).covers(facts).answer is answer
