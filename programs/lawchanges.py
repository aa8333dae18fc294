"""What the law says differently about one activity in two law books."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from programs.lawbook import Basis, LawBook, Norm, Paper
from programs.lawterms import NormUnit, SelectionMethod
from programs.lifecycle import Purse
from vietnam.money import format_vnd, localised


@dataclass(frozen=True, slots=True)
class LawChange:
    """One rule: its value and source in the old book and in the new; "" and None where it does not exist."""

    label: str
    old: str
    new: str
    old_basis: Basis | None
    new_basis: Basis | None


def law_changes(old: LawBook, new: LawBook, activity_code: str) -> list[LawChange]:
    """Rules about the activity that differ in value or in source, national norms first."""
    return [
        *_norms(old, new, activity_code),
        *_selection(old, new, activity_code),
        *_papers(old, new, activity_code),
    ]


def norm_words(norm: Norm) -> str:
    """The norm in a line: "tối đa 50%, 300.000.000 đồng một cơ sở"."""
    return limit_words(norm.pct, norm.cap_vnd, norm.unit, norm.uplift_max)


def limit_words(pct: int | None, cap_vnd: int | None, unit: str, uplift_max: Decimal | None) -> str:
    parts = []
    if pct is not None:
        parts.append(_("%(pct)d%% chi phí") % {"pct": pct})
    if cap_vnd is not None:
        called: str | Promise = NormUnit(unit).label
        parts.append(_("%(money)s đồng một %(unit)s") % {"money": format_vnd(cap_vnd), "unit": called})
    if uplift_max is not None:
        times = localised(f"{uplift_max.normalize():f}".replace(".", ","))
        parts.append(_("ưu tiên đến %(times)s lần") % {"times": times})
    return _("tối đa %(limits)s") % {"limits": ", ".join(parts)}


def _norms(old: LawBook, new: LawBook, code: str) -> Iterator[LawChange]:
    for purse in Purse:
        before, now = old.norm(code, purse), new.norm(code, purse)
        yield from _change(
            _("Mức hỗ trợ %(purse)s") % {"purse": purse.value},
            norm_words(before) if before else "",
            norm_words(now) if now else "",
            before.basis if before else None,
            now.basis if now else None,
        )


def _selection(old: LawBook, new: LawBook, code: str) -> Iterator[LawChange]:
    before, now = old.activity(code), new.activity(code)
    if before and now and before.selection_method != now.selection_method:
        ways = [str(SelectionMethod(each.selection_method).label) for each in (before, now)]
        yield LawChange(_("Cách chọn đơn vị thực hiện"), ways[0], ways[1], before.basis, now.basis)


def _papers(old: LawBook, new: LawBook, activity_code: str) -> Iterator[LawChange]:
    """Papers asked for now and not then, and the other way round; the same paper has one code."""
    before: dict[str, Paper] = {paper.code: paper for paper in old.required_papers(activity_code)}
    now: dict[str, Paper] = {paper.code: paper for paper in new.required_papers(activity_code)}
    label = _("Giấy tờ phải có")
    for code, paper in before.items():
        if code not in now:
            yield LawChange(label, paper.name, "", paper.basis, None)
    for code, paper in now.items():
        if code not in before:
            yield LawChange(label, "", paper.name, None, paper.basis)


def _change(
    label: str, old: str, new: str, old_basis: Basis | None, new_basis: Basis | None
) -> Iterator[LawChange]:
    sources = [basis.source if basis else None for basis in (old_basis, new_basis)]
    if old != new or sources[0] != sources[1]:
        yield LawChange(label, old, new, old_basis, new_basis)
