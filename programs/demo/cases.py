"""Cases that are hard on purpose: each shows one rule of the portal at work."""

from __future__ import annotations

from beneficiaries.models import Establishment, LegalForm
from programs.demo.openyear import OPEN_YEAR, OpenYear
from programs.demo.registers import HOME, Firm
from programs.demo.wishes import MILLION, Wish, title_of
from programs.demo.years import units_of
from programs.lifecycle import Kind, Purse, State
from vietnam.models import AdminUnit

S = State
NEIGHBOUR = "40"
"""Nghệ An: the other province of the double claim."""


def hard_cases(year: OpenYear) -> list[Wish]:
    return [
        _over_norm(year),
        *_double_claim(year),
        _mixed_sources(year),
        *_groups(year),
        _flagship(year),
        _household(year),
        _corrected(year),
    ]


def _home_wish(year: OpenYear, end: State, code: str = "N3.3", **changes: object) -> Wish:
    home = next(unit for unit in units_of(OPEN_YEAR) if unit.code == HOME)
    return year.wish(Purse.KCQG, home, end, code, **changes)


def _over_norm(year: OpenYear) -> Wish:
    """350 million where the norm ends at 300: may be submitted, cannot be passed."""
    wish = _home_wish(year, S.REVIEW_PROV)
    wish.support_vnd, wish.total_vnd = 350 * MILLION, 1_100 * MILLION
    return wish


def _double_claim(year: OpenYear) -> list[Wish]:
    """One tax code, two provinces, the same machines: a sign only the whole country's register shows."""
    first = _home_wish(year, S.REVIEW_PROV)
    firm = first.firms[0]
    neighbour = next(unit for unit in units_of(OPEN_YEAR) if unit.code == NEIGHBOUR)
    second = year.wish(Purse.KCQG, neighbour, S.REGISTERED, "N3.3")
    there = second.firms[0]
    twin = Establishment(
        province=there.row.province,
        name=firm.row.name,
        legal_form=firm.row.legal_form,
        head_name=firm.row.head_name,
        address=there.before.full_name,
        commune=there.before,
        employees=firm.row.employees,
    )
    twin.set_tax_code(firm.tax_code)
    twin.save()
    second.firms = [Firm(twin, firm.tax_code, firm.product, there.before, there.after)]
    second.title = first.title
    return [first, second]


def _mixed_sources(year: OpenYear) -> Wish:
    """National and local money on one line: a warning until somebody parts them."""
    wish = _home_wish(year, S.SUBMITTED_PROV)
    wish.support_vnd, wish.other_purse_vnd, wish.total_vnd = 200 * MILLION, 60 * MILLION, 1_200 * MILLION
    return wish


def _groups(year: OpenYear) -> list[Wish]:
    """Group projects: places and beneficiaries are chosen after the plan is approved."""
    made = []
    for end, support in ((S.IN_PLAN, 900), (S.SUBMITTED_PROV, 600)):
        wish = _home_wish(year, end)
        wish.kind, wish.firms = Kind.GROUP, []
        wish.support_vnd, wish.total_vnd = support * MILLION, support * 3 * MILLION
        wish.title = (
            "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong chế biến nông, lâm sản (đề án nhóm, 03 cơ sở)"
        )
        wish.sector = "a"
        made.append(wish)
    nation = AdminUnit.nation()
    for number, end in enumerate((S.DRAFT, S.RETURNED_MIN, S.REGISTERED, S.DRAFT, S.REVIEW_MIN, S.IN_PLAN)):
        wish = year.wish(Purse.KCQG, nation, end, "N4.3", region=1 if number < 3 else 2 + number % 2)
        wish.kind, wish.bare = Kind.GROUP, False
        wish.support_vnd, wish.total_vnd = 300 * MILLION, 400 * MILLION
        wish.title = (
            "Hỗ trợ cơ sở công nghiệp nông thôn khu vực tham gia hội chợ triển lãm trong nước (đề án nhóm)"
        )
        made.append(wish)
    return made


def _flagship(year: OpenYear) -> Wish:
    """A flagship project of three years: first in the ranking."""
    wish = _home_wish(year, S.IN_PLAN, "N3.1", kind=Kind.FLAGSHIP)
    wish.title = (
        "Đề án điểm: xây dựng mô hình trình diễn, phát triển vùng nguyên liệu và thị trường "
        f"cho ngành {wish.firms[0].product.name} giai đoạn {OPEN_YEAR}–{OPEN_YEAR + 2}"
    )
    return wish


def _household(year: OpenYear) -> Wish:
    """A household whose tax code is its owner's personal number: kept encrypted, shown masked."""
    wish = _home_wish(year, S.PASSED_PROV, "N5")
    pool = year.registers.firms(wish.unit)
    wish.firms = [next(firm for firm in pool if firm.row.legal_form == LegalForm.HOUSEHOLD)]
    return wish


def grown_household(year: OpenYear) -> list[Wish]:
    """A household supported in 2024 that has become an enterprise with a code of its own since."""
    wish = _home_wish(year, S.SUBMITTED_PROV)
    pool = year.registers.firms(wish.unit)
    firm = [firm for firm in pool if firm.row.legal_form == LegalForm.HOUSEHOLD][1]
    home = next(unit for unit in units_of(2024) if unit.code == HOME)
    before = year.recipe.wish(Purse.KCDP, 2024, home, [firm], S.APPROVED, "N5")
    before.returned_once = True
    wish.firms = [firm]
    wish.title = title_of(wish, year.recipe.random)
    return [before, wish]


def grow(wish: Wish, code: str) -> None:
    """The household registers as an enterprise: the same entry of the register, a new name and code."""
    firm = wish.firms[0]
    row = firm.row
    row.name = f"Công ty TNHH {row.head_name.split()[-1]} Giả Định"
    row.legal_form = LegalForm.ENTERPRISE
    row.set_tax_code(code)
    row.version += 1
    row.save()
    firm.tax_code = code


def _corrected(year: OpenYear) -> Wish:
    """Returned once and submitted again: the reviewer sees what changed."""
    return _home_wish(year, S.REVIEW_PROV, returned_once=True)
