"""The words in which scopes (经营范围) are written, as tables and patterns."""

import re
from collections.abc import Mapping
from typing import Final

from waybill.registry.scope_names import is_known_name
from waybill.registry.scope_terms import FIREWORKS, MEDICAL_WASTE, Term, TermKind

_BRACKETS: Final = str.maketrans("[【〔{「]】〕}」", "((((()))))")  # noqa: RUF001  as printed
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SEPARATORS: Final = str.maketrans("、;。\n:|", ",,,,,,")
_SPACE: Final = re.compile(r"[ \t\r\u00a0\u3000]+")
_NUMERALS: Final = "一二三四五六七八九"
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_ROMAN_SIGNS: Final = {0x2160 + place: numeral for place, numeral in enumerate(_ROMAN)}
_ROMAN_NUMERAL: Final = re.compile(r"(?<![A-Za-z])[IVX]+(?=[类项])")

HEAD: Final = re.compile(
    r"(?:非?经营性)?(?:道路)?(?:货物运输|危险货物(?:道路)?运输|危险品运输|危险化学品运输|"
    r"危险货物专用运输|货物专用运输危险货物)(?:经营)?"
)
"""Words that only introduce a list of goods."""
_GLUED_HEAD: Final = re.compile(
    r"(?<![^,()])((?:非?经营性)?(?:道路)?危险(?:货物|品|化学品)(?:道路)?运输)(?=第?[1-9](?:类|\.[1-9]))"
)
OWN_ACCOUNT: Final = re.compile(
    r"[^0-9类项]*(?:非经营|自用|自备|自有|自运|本单位|本企业|本公司|本厂|内部)[^0-9类项]*"
)
"""Words by which goods are carried for nobody but the holder."""

TANK_ONLY: Final = re.compile(r"(?:仅|只)?限?于?(?:罐式|罐装|罐车|罐体)(?:容器|车辆)?(?:运输)?")
"""Words that hold for carriage in tanks alone, where they stand in a bracket."""

UNRELATED: Final = re.compile(
    r"(?:道路)?普通货(?:物)?运(?:输)?|(?:道路)?大型物件运输|货物专用运输|集装箱(?:运输)?|冷藏保鲜(?:设备)?|"
    r"罐式(?:容器)?|经营范围|货运"
)
"""Words about other carriage; they grant and exclude nothing here."""

_DAY: Final = r"[0-9]{4}[年-][0-9]{1,2}[月-][0-9]{1,2}日?"
REMARK: Final = re.compile(
    rf"(?:有效期(?:限|至|到|为|自)*)?{_DAY}(?:[至到-]{_DAY})?|有效期限?|以下空白|[*]+|凭有效(?:许可)?证件?经营|"
    r"(?:含|包含|包括)剧毒(?:化学)?品?"
)
"""Remarks that neither grant nor exclude.

The dates of a certificate are judged from its own fields. Highly toxic goods that are said to be
included are so only where a division names them.
"""

_CLASS: Final = re.compile(r"第?([1-9])类(?:第?([1-9])项)?(.*)")
_DIVISION: Final = re.compile(r"第?([1-9])\.([1-9])(?:项|类)?(.*)")
_BARE_DIVISION: Final = re.compile(r"第?([1-9])项")
_UN_NUMBER: Final = re.compile(r"(?:UN)?([0-9]{4})", re.IGNORECASE)
_NAME: Final = re.compile(
    r"(?=.*[\u4e00-\u9fffA-Za-z])[\u4e00-\u9fffA-Za-z0-9\u03b1-\u03c9·-]{1,40}"
)
_RESTRICTIVE: Final = re.compile(
    r"除|外|不|仅|限|只|禁|非|勿|无(?!水)|未|超|含|以[上下内]|暂停|停[运止业用]|注销|[撤吊]销|失效|过期|"
    r"作废|待审|试运|试营|[省市县区境]内|区域|自[用备有运]|本[单企公厂]|内部"
)
_VAGUE: Final = re.compile(r"(?:性|品|物|货物|物质|气体|液体|固体|制品|废物|类|类别|项|等)$")

# Between 除 and 外 commas join what is excluded, so they must not part items.
_EXCEPT_SPAN: Final = re.compile(r"除(?!外)([^()]+?)以?外")
_EXCLUSION: Final = re.compile(
    r"(?:除|不含|不包括|不包含|禁运|禁止运输|不得运输)(?P<before>[^外]+)外?|(?P<after>.*?)(?:除外|以外|不含)"
)
_ONLY: Final = re.compile(r"(?:仅限于?|只限于?|限于?|仅|只)(?:运输)?(?P<terms>.+?)(?:运输)?")

CLASS_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "爆炸品": ("1", ""),
    "爆炸性物质和物品": ("1", ""),
    "民用爆炸物品": ("1", ""),
    "气体": ("2", ""),
    "易燃气体": ("2", "1"),
    "非易燃无毒气体": ("2", "2"),
    "毒性气体": ("2", "3"),
    "易燃液体": ("3", ""),
    "易燃固体": ("4", "1"),
    "易燃固体、自反应物质和固态退敏爆炸品": ("4", "1"),
    "易于自燃的物质": ("4", "2"),
    "遇水放出易燃气体的物质": ("4", "3"),
    "氧化性物质": ("5", "1"),
    "有机过氧化物": ("5", "2"),
    "毒性物质": ("6", "1"),
    "感染性物质": ("6", "2"),
    "放射性物质": ("7", ""),
    "放射性物品": ("7", ""),
    "腐蚀性物质": ("8", ""),
    "杂项危险物质和物品": ("9", ""),
}
_IN_FULL: Final[Mapping[str, str]] = {"放射性": "放射性物品"}
"""What an exclusion may leave to be understood (除剧毒、放射性外)."""
_HIGHLY_TOXIC: Final = re.compile(r"剧毒(?:化学)?(?:品|物品|物质|类)?")
_WASTE: Final = re.compile(r"危险废物|危废")
_SPECIAL: Final[Mapping[str, tuple[str, ...]]] = {
    "医疗废物": MEDICAL_WASTE,
    "医疗废弃物": MEDICAL_WASTE,
    "烟花爆竹": FIREWORKS,
}


def normalise(text: str) -> str:
    """Return text with one kind of bracket, comma and digit, and lists of divisions spelt out."""
    plain = _SPACE.sub("", text.translate(_FULL_WIDTH).translate(_BRACKETS).translate(_SEPARATORS))
    plain = _ROMAN_NUMERAL.sub(_spell_roman, plain.translate(_ROMAN_SIGNS))
    plain = re.sub(
        rf"[{_NUMERALS}](?=[类项])", lambda found: str(_NUMERALS.index(found[0]) + 1), plain
    )
    plain = re.sub(r"(?<=[类项])[/\\和及与](?=第?[1-9])", ",", plain)
    plain = re.sub(r"(?<=[类项])(?=第?[1-9](?:类|\.[1-9]))", ",", plain)
    plain = re.sub(r"([1-9])类第?([1-9])(?:-|~|至|到)第?([1-9])项", _spell_range, plain)
    plain = re.sub(r"([1-9])类((?:第?[1-9]项?,?)+[1-9]项)", _spell_divisions, plain)
    plain = re.sub(r"(?<![0-9.A-Za-z])((?:[1-9],)+[1-9])类", _spell_classes, plain)
    plain = _GLUED_HEAD.sub(r"\1,", plain)
    return _EXCEPT_SPAN.sub(lambda found: f"除{found[1].replace(',', '|')}外", plain)


def _spell_roman(found: re.Match[str]) -> str:
    return str(_ROMAN.index(found[0]) + 1) if found[0] in _ROMAN else found[0]


def _spell_range(found: re.Match[str]) -> str:
    divisions = range(int(found[2]), int(found[3]) + 1)
    return ",".join(f"{found[1]}类{division}项" for division in divisions) or found[0]


def _spell_divisions(found: re.Match[str]) -> str:
    return ",".join(f"{found[1]}类{division}项" for division in re.findall("[1-9]", found[2]))


def _spell_classes(found: re.Match[str]) -> str:
    return ",".join(f"{digit}类" for digit in found[1].split(","))


def class_term(text: str, *, within: str = "") -> Term | None:
    """Read a class or division; `within` is the class that a bare division belongs to."""
    bare = _BARE_DIVISION.fullmatch(text)
    if bare and within:
        return _class_or_division(text, within, bare[1])
    found = _CLASS.fullmatch(text) or _DIVISION.fullmatch(text)
    if found:
        digits = (found[1], found[2] or "")
        named = CLASS_NAMES.get(found[3], digits)
        agrees = named[0] == digits[0] and (not named[1] or named[1] == digits[1])
        known = not found[3] or (found[3] in CLASS_NAMES and agrees)
        return _class_or_division(text, *digits) if known else None
    if text in CLASS_NAMES:
        return _class_or_division(text, *CLASS_NAMES[text])
    return None


def _class_or_division(text: str, hazard_class: str, division: str) -> Term:
    kind = TermKind.DIVISION if division else TermKind.CLASS
    return Term(kind=kind, text=text, hazard_class=hazard_class, division=division)


def special_term(text: str) -> Term | None:
    """Read a category of its own, or a UN number."""
    if _HIGHLY_TOXIC.fullmatch(text):
        return Term(kind=TermKind.HIGHLY_TOXIC, text=text)
    if _WASTE.fullmatch(text):
        return Term(kind=TermKind.WASTE, text=text)
    if text in _SPECIAL:
        return Term(kind=TermKind.NUMBERS, text=text, numbers=_SPECIAL[text])
    number = _UN_NUMBER.fullmatch(text)
    return Term(kind=TermKind.NUMBERS, text=text, numbers=(number[1],)) if number else None


def excluded_terms(text: str) -> tuple[Term, ...] | None:
    """Read what an item takes away; `None` if it is no exclusion.

    A category or name that is not known is an open term: it may be any goods.
    """
    found = _EXCLUSION.fullmatch(text)
    if found is None:
        return None
    named = found["before"] or found["after"]
    return tuple(_known_term(part) for part in named.split("|"))


def _known_term(text: str) -> Term:
    return settled(_any_term(_IN_FULL.get(text, text)))


def settled(term: Term) -> Term:
    """Return a term that may exclude; a name that nobody knows may be any goods."""
    if term.kind is TermKind.NAME and not is_known_name(term.text):
        return Term(kind=TermKind.OPEN, text=term.text)
    return term


def only_terms(text: str) -> tuple[Term, ...] | None:
    """Read goods to which a grant is narrowed (仅限); `None` if the item is nothing of the kind."""
    found = _ONLY.fullmatch(text)
    return None if found is None else (_any_term(found["terms"]),)


def is_closed_exclusion(text: str) -> bool:
    """Whether an exclusion says itself where it ends: 除 ... 外."""
    return _EXCEPT_SPAN.fullmatch(text) is not None


def _any_term(text: str) -> Term:
    read = class_term(text) or special_term(text) or name_term(text)
    return read or Term(kind=TermKind.OPEN, text=text)


def name_term(text: str) -> Term | None:
    """Read a name of goods: words that restrict nothing and are no open category."""
    if not _NAME.fullmatch(text) or may_restrict(text) or _VAGUE.search(text):
        return None
    return Term(kind=TermKind.NAME, text=text)


def may_restrict(text: str) -> bool:
    """Whether text that was not understood could take something away."""
    return _RESTRICTIVE.search(text) is not None
