"""Loading in parts: at several bays of a facility in turn, and less than was planned.

One check clears the whole trip. What goes in at each bay is recorded as a part; the release, with
the last lines, is judged and signed over all of them together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

import msgspec

from waybill.document import GoodsItem, WaybillContent
from waybill.errors import FieldProblem, InvalidFieldError, StateError
from waybill.rules.evidence import (
    BayArrivalItem,
    EvidenceItem,
    LoadedLine,
    LoadingItem,
    LoadingPartItem,
)
from waybill.rules.limits import CLEARANCE_LIFETIME
from waybill.storage.records import CheckRecord

TIMES: Final[Mapping[str, tuple[str, str, str]]] = {
    "ends-before-start": ("/finished_at", "结束早于开始。", "It ends before it begins."),
    "in-future": ("/finished_at", "结束时间晚于现在。", "It ends in the future."),
    "before-clearance": ("/started_at", "开始早于准装。", "It begins before the clearance."),
    "clearance-outdated": (
        "/started_at",
        "准装已过时效，须重新查验。",
        "The clearance is too old: the vehicle is checked anew.",
    ),
}
PARTIAL_SHARE: Final = Decimal("0.95")
"""Below this share of the planned quantity a line is a partial load and needs its reason.

No law names a figure: below it, more is missing than a pump that stops early explains.
"""
SHORTEST_REASON: Final = 4


def refuse_times(
    part: LoadingItem | LoadingPartItem, cleared_at: datetime | None, at: datetime
) -> None:
    """Refuse a part that began or ended at an impossible time, or long after the clearance.

    The record as a whole begins with its first part, so its rule does not see when others began.
    People write down whole minutes: the minute of the clearance itself is allowed.

    Raises:
        InvalidFieldError: says which time and why.
    """
    code = _time_problem(part, cleared_at, at)
    if not code:
        return
    pointer, zh, en = TIMES[code]
    raise InvalidFieldError(
        [FieldProblem(pointer=pointer, code=code, message_zh=zh, message_en=en)]
    )


def _time_problem(
    part: LoadingItem | LoadingPartItem, cleared_at: datetime | None, at: datetime
) -> str:
    if part.finished_at < part.started_at:
        return "ends-before-start"
    if part.finished_at > at:
        return "in-future"
    if cleared_at is None or part.started_at < cleared_at.replace(second=0, microsecond=0):
        return "before-clearance"
    if part.started_at > cleared_at + timedelta(hours=CLEARANCE_LIFETIME.value):
        return "clearance-outdated"
    return ""


def refuse_not_there(
    check: CheckRecord, items: Iterable[EvidenceItem], bay_id: UUID, started_at: datetime
) -> None:
    """Refuse what began to go in at a bay at which the vehicle did not stand then.

    Where it stands is said by its arrivals: earth and chocks are others at each bay, and are seen
    anew where it comes back to, too.

    Raises:
        StateError: the closing list was not seen there before.
    """
    if str(bay_id) in _bays_at(check, items, started_at):
        return
    raise StateError(
        "车辆在该车位装货前没有重新查看收尾清单。",
        "The closing list was not seen at this bay before the loading began there.",
        state="not-arrived",
        act="load",
        next_step_zh="先在该车位逐项确认，再装货。",
        next_step_en="Confirm the list at this bay, then load.",
    )


def _bays_at(check: CheckRecord, items: Iterable[EvidenceItem], at: datetime) -> frozenset[str]:
    """Return where a vehicle may have stood at a moment.

    People write down whole minutes: in the minute of an arrival it stood at either bay.
    """
    stood = frozenset({str(check.bay_id)})
    minute = at.replace(second=0, microsecond=0)
    for item in items:
        if not isinstance(item, BayArrivalItem):
            continue
        arrived = item.at.replace(second=0, microsecond=0)
        if arrived == minute:
            stood |= {item.bay_id}
        elif arrived < minute:
            stood = frozenset({item.bay_id})
    return stood


def parts_by_position(
    items: Iterable[EvidenceItem],
) -> dict[int, tuple[LoadingPartItem, LoadedLine]]:
    """Return what is in so far, by goods line: of two records of a line the later one holds."""
    found = {}
    for item in items:
        if isinstance(item, LoadingPartItem):
            for line in item.lines:
                found[line.position] = (item, line)
    return found


def lines_out(content: WaybillContent, items: Iterable[EvidenceItem]) -> tuple[int, ...]:
    """Return the goods lines of which no part is recorded yet."""
    recorded = parts_by_position(items)
    return tuple(item.position for item in content.goods if item.position not in recorded)


def whole_loading(
    content: WaybillContent, items: Sequence[EvidenceItem], given: LoadingItem
) -> LoadingItem:
    """Return the loading as one record: what went in before at other bays, and what is given.

    It began when the first part began and ended when the last one ended. A line of which nothing
    went in is not released: the waybill and the signs would speak of goods that are not there.

    Raises:
        InvalidFieldError: a goods line is missing, foreign, or recorded in a part already; or
            less than planned went in and nobody said why.
    """
    recorded = parts_by_position(items)
    problems = _foreign_lines(content, given.lines, recorded)
    before = (replace(line, bay_id=part.bay_id) for part, line in recorded.values())
    lines = [*before, *given.lines]
    problems = problems or [*short_lines(content, lines, given.lines)]
    if problems:
        raise InvalidFieldError(problems)
    if not recorded:
        return given
    parts = [part for part, _ in recorded.values()]
    seals = [seal for part in parts for seal in part.seals] + [*given.seals]
    return msgspec.structs.replace(
        given,
        lines=tuple(sorted(lines, key=lambda line: line.position)),
        started_at=min(given.started_at, *(part.started_at for part in parts)),
        finished_at=max(given.finished_at, *(part.finished_at for part in parts)),
        seals=tuple(dict.fromkeys(seals)),
    )


def _foreign_lines(
    content: WaybillContent, given: Sequence[LoadedLine], recorded: Mapping[int, object]
) -> list[FieldProblem]:
    wanted = sorted(item.position for item in content.goods)
    twice = [
        FieldProblem(
            pointer=f"/lines/{index}/position",
            code="recorded-already",
            message_zh=f"第 {line.position} 行已在分段装货中记录；如有误，请重新记录该段。",
            message_en=f"Line {line.position} is in a part already; record that part anew.",
        )
        for index, line in enumerate(given)
        if line.position in recorded
    ]
    if twice or sorted([*(line.position for line in given), *recorded]) == wanted:
        return twice
    positions = ", ".join(str(position) for position in wanted if position not in recorded)
    return [
        FieldProblem(
            pointer="/lines",
            code="other-lines",
            message_zh=f"须逐行填写实装量：第 {positions} 行各一次。",
            message_en=f"Give each line of the waybill once: {positions}.",
        )
    ]


def short_lines(
    content: WaybillContent, lines: Iterable[LoadedLine], given: Sequence[LoadedLine]
) -> Iterable[FieldProblem]:
    """Yield a problem for each line that is less than planned without a reason.

    Args:
        content: the waybill.
        lines: all that went in.
        given: the lines of the request at hand, by whose place a problem is named.
    """
    planned = {item.position: item for item in content.goods}
    for line in lines:
        if _is_short(planned.get(line.position), line) and not _has_reason(line):
            pointer = f"/lines/{given.index(line)}/short_reason" if line in given else "/lines"
            yield FieldProblem(
                pointer=pointer,
                code="reason-needed",
                message_zh=f"第 {line.position} 行少于计划的 95%：请说明原因（至少 4 个字）。",
                message_en=f"Line {line.position} is below 95 % of the plan: say why, in four "
                "characters or more.",
            )


def _is_short(planned: GoodsItem | None, line: LoadedLine) -> bool:
    return planned is not None and line.quantity_kg < PARTIAL_SHARE * planned.quantity_kg


def _has_reason(line: LoadedLine) -> bool:
    return len((line.short_reason or "").strip()) >= SHORTEST_REASON


def line_problems(
    content: WaybillContent, before: Sequence[EvidenceItem], part: LoadingPartItem
) -> list[FieldProblem]:
    """Return what is wrong with the lines of a part, given what was recorded before."""
    wanted = {item.position for item in content.goods}
    recorded = parts_by_position(before)
    problems: list[FieldProblem] = []
    seen: set[int] = set()
    for index, line in enumerate(part.lines):
        pointer, position = f"/lines/{index}/position", line.position
        if position not in wanted or position in seen:
            problems.append(
                FieldProblem(
                    pointer=pointer,
                    code="other-lines",
                    message_zh=f"运单没有第 {position} 行，或该行重复填写。",
                    message_en=f"The waybill has no line {position}, or it is given twice.",
                )
            )
        elif position in recorded:
            problems.extend(_recorded_problems(recorded[position], part, line, index))
        seen.add(position)
    return problems or [*short_lines(content, part.lines, part.lines)]


def _recorded_problems(
    earlier: tuple[LoadingPartItem, LoadedLine], part: LoadingPartItem, line: LoadedLine, index: int
) -> list[FieldProblem]:
    before, was = earlier
    if before.bay_id != part.bay_id:
        return [
            FieldProblem(
                pointer=f"/lines/{index}/position",
                code="recorded-elsewhere",
                message_zh=f"第 {line.position} 行已在另一车位装货：一行只在一个车位装货。",
                message_en=f"Line {line.position} went in at another bay: a line is loaded at one.",
            )
        ]
    if line.quantity_kg < was.quantity_kg and not line.short_reason:
        return [
            FieldProblem(
                pointer=f"/lines/{index}/short_reason",
                code="reason-needed",
                message_zh=f"第 {line.position} 行比上次记录的少：请说明原因。",
                message_en=f"Line {line.position} is less than was recorded before: say why.",
            )
        ]
    return []
