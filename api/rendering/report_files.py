"""A report as PDF and as workbook, from the same tables as the page."""

import io
from datetime import datetime
from decimal import Decimal
from typing import Final

import xlsxwriter

from api.rendering.pdf import PrintData, typeset
from api.rendering.report_tables import Cell, Table, Words, report_tables
from api.rendering.wording import local_time
from waybill.codec import JsonValue
from waybill.services.reports.orders import Report
from waybill.services.reports.stated import StatedReport, read_report

DEFINITION_ZH: Final = (
    "每一条在本期内（北京时间）记录、且位于上述留痕范围内的事件计一次；按类别和按规则统计时，"
    "在其每一类别或规则下各计一次。重量为千克。任何一个数字都可由留痕重新计算："
    "waybill report recompute。"
)
DEFINITION_EN: Final = (
    "Every event recorded in the period (Beijing time) within the entries named above is counted "
    "once; by class and by rule once under each. Masses are kilograms. Every figure can be "
    "recomputed from the log: waybill report recompute."
)
_WIDTHS: Final = (14, 44, 14)
"""Widths of a workbook's columns in characters: a narrow label, a wide one, a figure."""


def report_pdf(report: Report) -> bytes:
    """Return a report to be printed."""
    (paper,) = typeset("report.typ", report_data(report), {})
    return paper


def report_data(report: Report) -> PrintData:
    """Return every text of a printed report."""
    stated = read_report(report.content)
    return {
        **_head(report, stated),
        "closed": stated.closed,
        "definition_zh": DEFINITION_ZH,
        "definition_en": DEFINITION_EN,
        "tables": [_printed(table) for table in report_tables(stated)],
    }


def report_workbook(report: Report) -> bytes:
    """Return a report as a workbook: a sheet that says what it is, and one for each table."""
    stated = read_report(report.content)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        figure = book.add_format({"num_format": "#,##0.###", "align": "right"})
        first = book.add_worksheet("报告 report")
        first.set_column(0, 0, 30)
        first.set_column(1, 1, 80)
        for row, (name, value) in enumerate(_head(report, stated).items()):
            first.write_string(row, 0, _HEADINGS[name], bold)
            first.write_string(row, 1, str(value))
        first.write_string(row + 2, 0, "统计口径 definition", bold)
        first.write_string(row + 2, 1, f"{DEFINITION_ZH} {DEFINITION_EN}")
        for table in report_tables(stated):
            _write_sheet(book, table, bold, figure)
    return buffer.getvalue()


_HEADINGS: Final = {
    "id": "编号 id",
    "period": "统计期 period",
    "state": "状态 state",
    "made_for": "编制单位 made for",
    "made_at": "编制时间 made at",
    "entries": "留痕条数 entries of the log",
    "origin": "留痕名称 origin",
    "root": "根哈希 root",
    "digest": "SHA-256",
    "kid": "签名密钥 key",
}


def _head(report: Report, stated: StatedReport) -> dict[str, JsonValue]:
    closed = "已截止 closed" if stated.closed else "暂行 provisional"
    return {
        "id": str(report.id),
        "period": f"{stated.period.from_on} – {stated.period.until_on}",
        "state": closed,
        "made_for": stated.made_for,
        "made_at": local_time(datetime.fromisoformat(stated.made_at)),
        "entries": f"0 – {stated.log.size - 1}" if stated.log.size else "—",
        "origin": stated.log.origin or "—",
        "root": stated.log.root or "—",
        "digest": report.digest,
        "kid": report.kid,
    }


def _printed(table: Table) -> dict[str, JsonValue]:
    return {
        "zh": table.title.zh,
        "en": table.title.en,
        "labels": table.labels,
        "columns": [
            {"zh": column.zh, "en": column.en, "mass": column.en.endswith(" kg")}
            for column in table.columns
        ],
        "rows": [[_text(cell) for cell in row] for row in table.rows],
    }


def _text(cell: Cell) -> str:
    if isinstance(cell, Words):
        return f"{cell.zh} {cell.en}".strip()
    if isinstance(cell, Decimal):
        return f"{cell:,f}"
    return cell if isinstance(cell, str) else f"{cell:,}"


def _write_sheet(
    book: xlsxwriter.Workbook,
    table: Table,
    bold: xlsxwriter.workbook.Format,
    figure: xlsxwriter.workbook.Format,
) -> None:
    sheet = book.add_worksheet(_SHEETS[table.name])
    narrow, wide, other = _WIDTHS
    if table.labels > 1:
        sheet.set_column(0, 0, narrow)
    sheet.set_column(table.labels - 1, table.labels - 1, wide)
    sheet.set_column(table.labels, len(table.columns) - 1, other)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, f"{column.zh} {column.en}", bold)
    for number, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, str | Words):
                sheet.write_string(number, place, _text(cell))
            else:
                sheet.write_number(number, place, cell, figure)


_SHEETS: Final = {
    "acts": "总数 totals",
    "months": "月份 months",
    "districts": "地区 districts",
    "carriers": "承运人 carriers",
    "classes": "类别 classes",
    "rules": "规则 rules",
}
