"""The plots of the statistics, a table of small functions of one shape."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from markupsafe import Markup
from sqlalchemy.orm import Session

from api.language import language
from api.pages.statistics_links import PASSED, REFUSED, Period, link, narrowed
from api.rendering.plots import Bar, Column, LabelledBar, bars_svg, columns_svg
from api.wording import t
from waybill.rules.register import REGISTER
from waybill.services.statistics.counting import Duration, count, spread
from waybill.services.statistics.dimensions import Dimension, Key, Where
from waybill.services.statistics.naming import names_of
from waybill.storage.tally import TallyAct
from waybill.storage.tally_sums import STEPS_S

MOST_BARS: Final = 12
MOST_DAYS: Final = 62
"""Up to so many days each has a column; beyond, each month."""
Cell = tuple[str, str]
"""Words and the address they lead to, empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One plot as a page shows it: drawing, legend by series, and the table under it."""

    key: str
    svg: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    series: tuple[tuple[int, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a page of plots speaks of: a period, a place or carrier, one size of the tree."""

    session: Session
    period: Period
    where: Where
    size: int

    def counts(self, where: Where, *by: Dimension) -> list[tuple[tuple[Key, ...], int]]:
        """Return figures with their keys."""
        counted = count(
            self.session,
            from_at=self.period.from_at,
            to_at=self.period.to_at,
            by=by,
            where=where,
            size=self.size,
        )
        return [(row.keys, row.count) for row in counted.rows]


def checks_over_time(asked: Asked) -> Plot:
    """Draw cleared and refused checks day by day, or month by month over a long time."""
    spans = _spans(asked.period)
    where = narrowed(asked.where, act=TallyAct.CHECK)
    passed: dict[date, int] = {}
    refused: dict[date, int] = {}
    for outcomes, found in ((PASSED, passed), (REFUSED, refused)):
        for (day,), many in asked.counts(narrowed(where, outcomes=outcomes), Dimension.DAY):
            begin = _span_of(day, spans)
            found[begin] = found.get(begin, 0) + many
    columns, rows = [], []
    words = (t("statistics.cleared"), t("statistics.refused"))
    for label, short, span in spans:
        parts = tuple(
            Bar(
                value=found.get(span.first, 0),
                said=f"{label} {said} {found.get(span.first, 0)}",
                href=link(span, narrowed(where, outcomes=outcomes)),
            )
            for outcomes, found, said in zip(
                (PASSED, REFUSED), (passed, refused), words, strict=True
            )
        )
        columns.append(Column(label=short, parts=parts))
        rows.append(((label, ""), *((f"{part.value:,}", part.href) for part in parts)))
    return Plot(
        key="checks",
        svg=Markup(columns_svg(columns, t("statistics.checks"))),  # noqa: S704  escaped where made
        head=(t("statistics.day"), *words),
        rows=tuple(rows),
        series=((0, f"● {words[0]}"), (1, f"✕ {words[1]}")),
    )


def _spans(period: Period) -> list[tuple[str, str, Period]]:
    """Return days or months with their names, in a table and under a column."""
    if len(period.days) <= MOST_DAYS:
        return [(f"{day}", f"{day:%m-%d}", Period(first=day, last=day)) for day in period.days]
    firsts = sorted({day.replace(day=1) for day in period.days})
    ends = [*(first - timedelta(days=1) for first in firsts[1:]), period.last]
    return [
        (f"{first:%Y-%m}", f"{first:%Y-%m}", Period(first=max(first, period.first), last=last))
        for first, last in zip(firsts, ends, strict=True)
    ]


def _span_of(day: Key, spans: Sequence[tuple[str, str, Period]]) -> date:
    return next(s.first for _, _, s in spans if isinstance(day, date) and s.first <= day <= s.last)


def _ranking(
    asked: Asked,
    key: str,
    where: Where,
    dimension: Dimension,
    *,
    field: str,
    label: Callable[[Key], str],
) -> Plot:
    """Draw the largest figures of a dimension, each leading to its rows."""
    found = sorted(asked.counts(where, dimension), key=lambda row: (-row[1], str(row[0][0])))
    bars = [
        LabelledBar(
            label=label(value),
            value=many,
            said=f"{label(value)} {many}",
            href=link(asked.period, narrowed(where, **{field: value})),
        )
        for (value,), many in found
        if value is not None
    ]
    return Plot(
        key=key,
        svg=Markup(bars_svg(bars[:MOST_BARS], t(f"statistics.{key}"), series=1)),  # noqa: S704  escaped where made
        head=(t(f"statistics.{key}_by"), t("statistics.count")),
        rows=tuple(((bar.label, ""), (f"{bar.value:,}", bar.href)) for bar in bars),
    )


def _refused(asked: Asked) -> Where:
    return narrowed(asked.where, act=TallyAct.CHECK, outcomes=REFUSED)


def refusals_by_rule(asked: Asked) -> Plot:
    """Draw which rules stood against refused checks."""
    titles = {r.code: r.title_zh if language() == "zh" else r.title_en for r in REGISTER}

    def label(code: Key) -> str:
        return f"{code} {titles.get(str(code), '')}".strip()

    return _ranking(asked, "rules", _refused(asked), Dimension.RULE, field="rule", label=label)


def _named(asked: Asked, key: str, where: Where, dimension: Dimension, field: str) -> Plot:
    ids = [value for (value,), _ in asked.counts(where, dimension) if isinstance(value, UUID)]
    names = names_of(asked.session, ids)

    def label(value: Key) -> str:
        return names.get(value, str(value)) if isinstance(value, UUID) else str(value)

    return _ranking(asked, key, where, dimension, field=field, label=label)


def refusals_by_carrier(asked: Asked) -> Plot:
    """Draw whose waybills were refused."""
    return _named(asked, "carriers", _refused(asked), Dimension.CARRIER, "carrier_id")


def refusals_by_plant(asked: Asked) -> Plot:
    """Draw where checks were refused."""
    return _named(asked, "plants", _refused(asked), Dimension.FACILITY, "facility_id")


def refusals_by_hour(asked: Asked) -> Plot:
    """Draw at which hour of the day checks were refused."""
    where = _refused(asked)
    found = {hour: many for (hour,), many in asked.counts(where, Dimension.HOUR)}
    bars = [
        Bar(
            value=found.get(hour, 0),
            said=f"{hour:02}:00 {found.get(hour, 0)}",
            href=link(asked.period, narrowed(where, hour=hour)),
        )
        for hour in range(24)
    ]
    columns = [Column(label=f"{hour:02}", parts=(bar,)) for hour, bar in enumerate(bars)]
    return Plot(
        key="hours",
        svg=Markup(columns_svg(columns, t("statistics.hours"), series=1)),  # noqa: S704  escaped where made
        head=(t("statistics.hours_by"), t("statistics.count")),
        rows=tuple(
            ((f"{hour:02}:00–{hour:02}:59", ""), (f"{bar.value:,}", bar.href))
            for hour, bar in enumerate(bars)
        ),
    )


def issue_to_release(asked: Asked) -> Plot:
    """Draw how long it took from the carrier's signature to the release."""
    where = narrowed(asked.where, act=TallyAct.RELEASE, outcomes=PASSED)
    found = spread(
        asked.session,
        Duration.FROM_ISSUE,
        bounds=STEPS_S,
        from_at=asked.period.from_at,
        to_at=asked.period.to_at,
        where=where,
        size=asked.size,
    )
    edges = (0, *STEPS_S)
    labels = ("<0.5 h", "0.5–1 h", "1–2 h", "2–4 h", "4–8 h", "8–24 h", "≥24 h")
    bars = [
        Bar(
            value=many,
            said=f"{label} {many}",
            href=link(asked.period, narrowed(where, least_s=edges[n], under_s=_under(edges, n))),
        )
        for n, (label, many) in enumerate(zip(labels, found.counts, strict=True))
    ]
    columns = [
        Column(label=label.removesuffix(" h"), parts=(bar,))
        for label, bar in zip(labels, bars, strict=True)
    ]
    return Plot(
        key="times",
        svg=Markup(columns_svg(columns, t("statistics.times"), series=2)),  # noqa: S704  escaped where made
        head=(t("statistics.times_by"), t("statistics.count")),
        rows=tuple(
            ((label, ""), (f"{bar.value:,}", bar.href))
            for label, bar in zip(labels, bars, strict=True)
        ),
    )


def _under(edges: Sequence[int], number: int) -> int | None:
    return edges[number + 1] if number + 1 < len(edges) else None


def issued_after_loading(asked: Asked) -> Plot:
    """Draw whose waybills were signed after loading had begun."""
    where = narrowed(asked.where, act=TallyAct.RELEASE, issued_after_loading=True)
    return _named(asked, "late", where, Dimension.CARRIER, "carrier_id")


def offline_share(asked: Asked) -> Plot:
    """Draw how many checks were decided without network."""
    where = narrowed(asked.where, act=TallyAct.CHECK)
    found = {key: many for (key,), many in asked.counts(where, Dimension.OFFLINE)}
    total = sum(found.values())
    bars = [
        LabelledBar(
            label=f"{t(word)} · {found.get(offline, 0) / total:.1%}" if total else t(word),
            value=found.get(offline, 0),
            said=f"{t(word)} {found.get(offline, 0)}",
            href=link(asked.period, narrowed(where, offline=offline)),
        )
        for word, offline in (("statistics.online", False), ("statistics.offline_word", True))
    ]
    return Plot(
        key="offline",
        svg=Markup(bars_svg(bars if total else (), t("statistics.offline"), series=2)),  # noqa: S704  escaped where made
        head=(t("statistics.offline_by"), t("statistics.count")),
        rows=tuple(((bar.label, ""), (f"{bar.value:,}", bar.href)) for bar in bars if total),
    )


PLOTS: Final[tuple[Callable[[Asked], Plot], ...]] = (
    checks_over_time,
    refusals_by_rule,
    refusals_by_carrier,
    refusals_by_plant,
    refusals_by_hour,
    issue_to_release,
    issued_after_loading,
    offline_share,
)
"""In the order in which the page shows them."""
