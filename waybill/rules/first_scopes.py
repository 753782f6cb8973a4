"""Whether a scope covers goods, as version 1 of the rules of scopes reads it: never edited."""

from functools import lru_cache

from waybill.registry.first_scopes import scope as first_scope
from waybill.registry.scope import Answer
from waybill.rules.classification import find_hazard_class, highly_toxic
from waybill.rules.facts import GoodsFacts


def first_covers(scope: str, line: GoodsFacts) -> Answer:
    """Say whether a scope covers a goods line, by its names and also by its technical name.

    A technical name can only narrow: it may fall under an exclusion, but grants nothing.
    """
    names = (line.name_zh, *line.aliases_zh)
    answers = {_answer(scope, line, names)}
    if line.technical_name:
        answers.add(_answer(scope, line, (*names, line.technical_name)))
    for answer in (Answer.NO, Answer.UNKNOWN):
        if answer in answers:
            return answer
    return Answer.YES


def _answer(scope: str, line: GoodsFacts, names_zh: tuple[str, ...]) -> Answer:
    goods = first_scope.GoodsFacts(
        un_number=line.un_number,
        hazard_class=find_hazard_class(line) or "",
        division=line.division,
        names_zh=names_zh,
        highly_toxic=highly_toxic(line).value,
    )
    return Answer(_read(scope).covers(goods).answer.value)


@lru_cache(maxsize=4096)
def _read(scope: str) -> first_scope.Scope:
    return first_scope.parse_scope(scope)
