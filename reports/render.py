"""Tables as workbooks. Text is always text, amounts are numbers, and a row once written is let go.

The papers are Vietnamese in every language of the portal, as the law asks, so nothing here is translated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import IO, Any, Final

import xlsxwriter

from programs.lifecycle import COMMITTED, Kind
from programs.procedures import FormInForce
from reports.figures import Group, ListedProject, Money, RegistrationList

TRIEU: Final = 1_000_000
LONGEST_CELL: Final = 32_767
NO_KIND: Final = "Chưa xác định nội dung hoạt động"
CHOSEN_LATER: Final = "Sở lựa chọn sau"
CARRIED_NOTE: Final = "số liệu chuyển tiếp đến {day:%d/%m/%Y}, chưa kiểm tra theo quy định"
CARRIED_SUM: Final = "Trong đó {count} đề án là số liệu chuyển tiếp, chưa kiểm tra theo quy định"

COLUMNS: Final[tuple[tuple[str, float], ...]] = (
    ("STT", 4.5),
    ("Tên đề án, nhiệm vụ", 27),
    ("Đơn vị thực hiện", 14),
    ("Đơn vị phối hợp", 11),
    ("Đơn vị thụ hưởng", 17),
    ("Địa điểm thực hiện", 15),
    ("Thời gian (bắt đầu–kết thúc)", 12),
    ("Nội dung, quy mô chính", 22),
    ("Tổng kinh phí", 11),
    ("KCQG", 10),
    ("KCĐP", 10),
    ("Đối ứng", 10),
    ("Khác", 9),
    ("Ưu tiên (địa bàn/ngành nghề)", 13),
    ("Ghi chú", 15),
)
"""Heading and width (characters) of each column. Căn cứ: Thông tư 36/2013/TT-BCT, Mẫu số 2."""
FIRST_AMOUNT, LAST_AMOUNT, LAST = 8, 12, len(COLUMNS) - 1
OF_WHICH: Final = "Trong đó"


@dataclass(frozen=True, slots=True)
class Heading:
    """Words around the table; ``made_at`` in Vietnamese time."""

    office: str
    purse: str
    year: int
    area: str
    stage: str
    made_at: dt.datetime
    made_by: str
    form: FormInForce
    former: list[str] = field(default_factory=list)
    """Provinces that own rows and are not called like the area."""
    only_of: list[str] = field(default_factory=list)
    """Offices whose work alone is listed; empty when everything of the area is."""


def registration_list(
    table: RegistrationList,
    heading: Heading,
    out: IO[bytes],
    wrote: Callable[[int], None] = lambda done: None,
) -> None:
    """Write Mẫu số 2 to ``out``; ``wrote`` hears how many projects are written and may raise to stop."""
    sheet = _Sheet(out, heading)
    done = 0
    sheet.headings(heading)
    for number, group in enumerate(table.groups, start=1):
        sheet.group(roman(number), group)
        for place, project in enumerate(group.projects, start=1):
            sheet.project(place, project)
            done += 1
            wrote(done)
    sheet.total(table.money)
    sheet.carried(table.carried)
    sheet.footer(heading, table.count)
    sheet.close()


def roman(number: int) -> str:
    """1 → "I". Raises ``ValueError`` below 1."""
    if number < 1:
        raise ValueError("Roman numerals begin with one")
    text = ""
    for value, letters in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
        (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        text += letters * (number // value)
        number %= value
    return text


def period(project: ListedProject) -> str:
    """Both days in full, broken only behind the dash."""
    days = [f"{day:%d/%m}/{day.year:04d}" if day else "…" for day in (project.starts_on, project.ends_on)]
    return "\N{NO-BREAK SPACE}– ".join(days) if project.starts_on or project.ends_on else ""


def note(project: ListedProject) -> str:
    """Code, the kind where it is not a single project, and the state where the plan is not yet approved."""
    parts = [project.code]
    if project.kind != Kind.SINGLE:
        parts.append(str(project.kind.label))
    if project.state not in COMMITTED:
        parts.append(str(project.state.label))
    if project.carried_as_of:
        parts.append(CARRIED_NOTE.format(day=project.carried_as_of))
    return "; ".join(parts)


class _Sheet:
    """The worksheet, written from top to bottom: in constant memory no earlier row can be touched again."""

    def __init__(self, out: IO[bytes], heading: Heading) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self.book = xlsxwriter.Workbook(out, options)
        self.book.set_properties(
            {
                "title": _title(heading),
                "author": heading.office,
                "created": heading.made_at.replace(tzinfo=None),
            }
        )
        self.sheet = self.book.add_worksheet(heading.form.label or "Biểu tổng hợp")
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.row = 0
        for column, (_name, width) in enumerate(COLUMNS):
            self.sheet.set_column(column, column, width)

    def style(self, **properties: Any) -> Any:
        """The format with these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(
                {"font_name": "Times New Roman", "font_size": 11, **properties}
            )
        return self.formats[key]

    def _text(self, column: int, text: str, **properties: Any) -> None:
        """A cell that stays text: also when somebody edits it, though it begin with an equals sign."""
        style = self.style(quote_prefix=True, **properties)
        if not text:
            self.sheet.write_blank(self.row, column, None, style)
            return
        if len(text) > LONGEST_CELL:
            text = text[: LONGEST_CELL - 1] + "…"
        self.sheet.write_string(self.row, column, text, style)

    def _line(
        self, text: str, first: int = 0, last: int = LAST, height: float = 0, **properties: Any
    ) -> None:
        """One line across columns, of the current row."""
        style = self.style(**{"text_wrap": True, "valign": "vcenter", **properties})
        if height:
            self.sheet.set_row(self.row, height)
        self.sheet.merge_range(self.row, first, self.row, last, "", style)
        self.sheet.write_string(self.row, first, text, style)

    def headings(self, heading: Heading) -> None:
        centred: dict[str, Any] = {"align": "center"}
        half = 6
        self._line(heading.office.upper(), 0, half, bold=True, **centred)
        self._line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", half + 1, LAST, bold=True, **centred)
        self.row += 1
        self._line("Độc lập - Tự do - Hạnh phúc", half + 1, LAST, bold=True, underline=1, **centred)
        self.row += 1
        self._line(_title(heading), height=24, bold=True, font_size=14, **centred)
        self.row += 1
        lines = _area_lines(heading)
        self._line("\n".join(lines), height=16 * len(lines), **centred)
        self.row += 1
        self._line(_form_line(heading.form), 0, FIRST_AMOUNT, height=16, italic=True, font_size=9)
        self._line("Đơn vị tính: triệu đồng", FIRST_AMOUNT + 1, LAST, italic=True, align="right")
        self.row += 1
        self._column_heads()
        self._page()

    def _column_heads(self) -> None:
        """Two rows of names and one of numbers; what the merges cover is written as blank cells first."""
        top = self.row
        head = self.style(
            bold=True, border=1, align="center", valign="vcenter", text_wrap=True, bg_color="#E3E8FA"
        )
        self.sheet.set_row(top, 18)
        self.sheet.set_row(top + 1, 46)
        amounts = range(FIRST_AMOUNT + 1, LAST_AMOUNT + 1)
        for column, (name, _width) in enumerate(COLUMNS):
            upper = OF_WHICH if column == amounts[0] else None if column in amounts else name
            self.sheet.write(top, column, upper, head)
        for column, (name, _width) in enumerate(COLUMNS):
            if column in amounts:
                self.sheet.write_string(top + 1, column, name, head)
            else:
                self.sheet.write_blank(top + 1, column, None, head)
                # Not merge_range(): it would go back to the upper row, which is already let go.
                self.sheet.merge.append([top, column, top + 1, column])
        self.sheet.merge.append([top, amounts[0], top, amounts[-1]])
        self.row = top + 2
        for column in range(len(COLUMNS)):
            self._text(column, f"({column + 1})", italic=True, border=1, align="center", font_size=9)
        self.row += 1

    def _page(self) -> None:
        self.sheet.freeze_panes(self.row, 2)
        self.sheet.repeat_rows(self.row - 3, self.row - 1)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.set_footer("&C&9Trang &P/&N")
        self.sheet.hide_gridlines(2)

    def _amounts(self, money: Money, **properties: Any) -> None:
        for column, vnd in enumerate(money.amounts(), start=FIRST_AMOUNT):
            style = self.style(num_format=number_format(vnd), border=1, valign="top", **properties)
            self.sheet.write_number(self.row, column, vnd / TRIEU, style)

    def _texts(self, texts: Sequence[tuple[int, str]], **properties: Any) -> None:
        for column, text in texts:
            align = "center" if column == 0 else "left"
            self._text(column, text, border=1, valign="top", text_wrap=True, align=align, **properties)

    def group(self, number: str, group: Group) -> None:
        self._sums(number, group.name or NO_KIND, group.money, bg_color="#F1F4FD")

    def total(self, money: Money) -> None:
        self._sums("", "TỔNG CỘNG", money, bg_color="#E3E8FA")
        self.row += 1

    def _sums(self, number: str, name: str, money: Money, **properties: Any) -> None:
        """A row of sums; its name runs over the columns that a sum leaves empty."""
        style = self.style(border=1, bold=True, valign="top", text_wrap=True, quote_prefix=True, **properties)
        self.sheet.merge_range(self.row, 1, self.row, FIRST_AMOUNT - 1, "", style)
        self.sheet.write_string(self.row, 1, name, style)
        self._texts([(0, number), (LAST - 1, ""), (LAST, "")], bold=True, **properties)
        self._amounts(money, bold=True, **properties)
        self.row += 1

    def project(self, number: int, project: ListedProject) -> None:
        names = "; ".join(project.beneficiaries) or (CHOSEN_LATER if project.kind == Kind.GROUP else "")
        texts = [
            project.title, project.implementer, project.partner, names, project.place, period(project),
            project.content,
        ]  # fmt: skip
        self.sheet.write_number(
            self.row, 0, number, self.style(border=1, valign="top", align="center", num_format="0")
        )
        self._texts(list(enumerate(texts, start=1)))
        self._texts([(LAST - 1, "; ".join(project.priority)), (LAST, note(project))])
        self._amounts(project.money)
        self.row += 1

    def carried(self, projects: Sequence[ListedProject]) -> None:
        """Of which came from paper: they are in the sums, so a reader must be able to take them out."""
        if projects:
            money = reduce(add, (project.money for project in projects))
            self._sums("", CARRIED_SUM.format(count=len(projects)), money, italic=True)
            self.row += 1

    def footer(self, heading: Heading, count: int) -> None:
        filters = "; ".join(
            [heading.purse, f"năm {heading.year}", heading.area, f"trạng thái: {heading.stage}"]
        )
        made = f"{heading.made_at:%H:%M} ngày {heading.made_at:%d/%m/%Y}"
        words = (
            f"Ghi chú: bộ lọc: {filters}; {count} đề án. Lập lúc {made}, người yêu cầu: {heading.made_by}."
        )
        self._line(words, italic=True, font_size=9, height=16)
        self.row += 2
        left, right = (1, 5), (8, LAST - 1)
        self._line("……, ngày … tháng … năm ……", *right, italic=True, align="center")
        self.row += 1
        self._line("NGƯỜI LẬP BIỂU", *left, bold=True, align="center")
        self._line("THỦ TRƯỞNG ĐƠN VỊ", *right, bold=True, align="center")
        self.row += 1
        self._line("(Ký, ghi rõ họ tên)", *left, italic=True, align="center")
        self._line("(Ký, ghi rõ họ tên, đóng dấu)", *right, italic=True, align="center")

    def close(self) -> None:
        self.book.close()


def number_format(vnd: int) -> str:
    """As many decimals of a triệu as the amount has, so that nothing is rounded on paper."""
    fraction = f"{vnd % TRIEU:06d}".rstrip("0")
    return f"#,##0.{'0' * len(fraction)}" if fraction else "#,##0"


def _title(heading: Heading) -> str:
    return f"BIỂU TỔNG HỢP ĐỀ ÁN {heading.purse.upper()} NĂM {heading.year}"


def _form_line(form: FormInForce) -> str:
    return ". ".join(filter(None, [form.label, f"{form.layout}."]))


def _area_lines(heading: Heading) -> list[str]:
    lines = [heading.area]
    if heading.former:
        lines.append(f"Gồm đề án của: {', '.join(heading.former)}")
    if heading.only_of:
        lines.append(f"Chỉ gồm đề án do {', '.join(heading.only_of)} lập hoặc thực hiện")
    return lines
