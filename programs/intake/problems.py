"""What is wrong with a row's own words and figures, in the same sentences on reading and on mending."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from programs.intake.amounts import shown
from programs.intake.model import Money, Problem, row_problem
from vietnam import taxcode

LONGEST: Final = {"title": 500, "beneficiary": 255}
"""Characters a dossier has room for."""
_LARGEST_VND: Final = 10**13
_SMALLEST_VND: Final = 10**5
"""Beyond these a figure is in another unit than the sheet says."""


def money_problems(money: Money) -> list[Problem]:
    """Sources that do not add up to the total, and a total that no project has."""
    found = []
    if money.parts != money.total:
        message = _("Các nguồn cộng lại %(parts)s, khác tổng kinh phí %(total)s (lệch %(gap)s).") % {
            "parts": shown(money.parts),
            "total": shown(money.total),
            "gap": shown(abs(money.total - money.parts)),
        }
        found.append(row_problem("sum_mismatch", message, "total_vnd"))
    if money.total >= _LARGEST_VND or 0 < money.total < _SMALLEST_VND:
        message = _("Tổng kinh phí %(total)s là vô lý: đơn vị tính của dòng này khác đơn vị ghi trên bảng?")
        found.append(row_problem("unknown_money_unit", message % {"total": shown(money.total)}, "total_vnd"))
    return found


def missing_title() -> Problem:
    return row_problem("unreadable_cell", _("Dòng này thiếu tên đề án."), "title")


def missing_beneficiary() -> Problem:
    message = _("Chưa ghi đơn vị thụ hưởng. Nếu là đề án nhóm, hãy ghi “Sở lựa chọn sau”.")
    return row_problem("missing_beneficiary", message, "beneficiary")


def too_long(field: str) -> Problem:
    """A text the dossier has no room for; ``field`` is one of ``LONGEST``."""
    message = _("Nội dung ô dài quá %(most)s ký tự; hãy rút gọn.") % {"most": LONGEST[field]}
    return row_problem("unreadable_cell", message, field)


def doubtful_tax_code(text: str | None) -> Problem:
    """A code that cannot be right; a personal number stays masked in the sentence."""
    message = _(
        "Mã số thuế “%(code)s” không đúng số kiểm tra hoặc không đủ chữ số; hãy đối chiếu giấy đăng ký."
    )
    return row_problem("bad_tax_code", message % {"code": taxcode.mask(text or "")}, "tax_code")
