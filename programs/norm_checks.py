"""Support norms: how much of a project's cost the state may pay. Pure; see :mod:`programs.checks`.

National money is held against national norms, local money against the province's own. Exactly at the
limit is allowed; percentages are compared in whole numbers. The base of a percentage is the lines marked
as supported or, where lines are not known, the project's total, and the sentence says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from programs.lawbook import LawBook, Norm
from programs.lawterms import PER_BENEFICIARY, PER_SITE, NormUnit
from programs.lifecycle import State
from programs.verdicts import STATE_SOURCES, Fix, ProjectFacts, Verdict, finding, trieu


@dataclass(frozen=True, slots=True)
class Limit:
    """What a norm allows one project, VND: ``cap_vnd`` for ``units`` units, ``percent_vnd`` of ``base_vnd``.

    ``cap_vnd`` is None where the norm has no cap or the number of units is not known yet.
    """

    norm: Norm
    base_vnd: int
    base_is_total: bool
    units: int | None
    cap_vnd: int | None
    percent_vnd: int | None

    @property
    def vnd(self) -> int | None:
        """The most the state may pay; None where nothing limits it."""
        known = [limit for limit in (self.cap_vnd, self.percent_vnd) if limit is not None]
        return min(known) if known else None


def eligible_base(facts: ProjectFacts) -> tuple[int, bool]:
    """The base of a percentage, VND, and whether it is the total for want of known lines."""
    if facts.itemised and facts.lines:
        return sum(line.total_vnd for line in facts.lines if line.supported), False
    return facts.total_vnd, True


def units_of(norm: Norm, facts: ProjectFacts) -> int | None:
    """How many caps a project may have; None for a group project whose beneficiaries are chosen later."""
    counted = PER_SITE if facts.kind == "GROUP" else PER_BENEFICIARY
    if norm.unit not in counted:
        return 1
    if facts.kind == "GROUP":
        return facts.unit_count or None
    return max(1, facts.unit_count or 1)


def limit_of(norm: Norm, facts: ProjectFacts) -> Limit:
    """The norm applied to a project's cost and number of units."""
    base, is_total = eligible_base(facts)
    units = units_of(norm, facts)
    cap = None if norm.cap_vnd is None or units is None else norm.cap_vnd * units
    return Limit(norm, base, is_total, units, cap, norm.percent_of(base))


def norm_verdicts(facts: ProjectFacts, law: LawBook, decision_law: LawBook | None = None) -> list[Verdict]:
    """Percent and cap for each source of state money.

    With ``decision_law`` (the law on the decision's day) that one decides; where the plan year's law
    says something else, both are given and the plan year's no longer blocks.
    """
    found: list[Verdict] = []
    for source in STATE_SOURCES:
        if facts.amount(source) <= 0:
            continue
        planned = source_verdicts(source, facts, law)
        decided = source_verdicts(source, facts, decision_law) if decision_law else planned
        if decision_law is None or [_essence(v) for v in planned] == [_essence(v) for v in decided]:
            found += decided
        else:
            found += [replace(_dated(v, law), blocks_from=None) for v in planned]
            found += [_dated(v, decision_law) for v in decided]
    return found


def source_verdicts(source: str, facts: ProjectFacts, law: LawBook) -> list[Verdict]:
    """The verdicts on one source's money under one day's law; empty where no norm is known."""
    norm = law.norm(facts.activity, source) if facts.activity else None
    if norm is None:
        if source == "KCDP" and not law.knows_norms_of("KCDP"):
            return [_local_norm_unknown()]
        return []
    limit = limit_of(norm, facts)
    found = [v for v in (_percent_verdict(source, facts, limit), _cap_verdict(source, facts, limit)) if v]
    if not norm.basis.trusted:
        found.append(_unverified_note(source, norm))
    return found


def _essence(verdict: Verdict) -> tuple[str, str, object, object]:
    limit = verdict.inputs.get("limit_vnd"), verdict.inputs.get("pct")
    return verdict.code, verdict.severity, limit, verdict.blocks_from


def _dated(verdict: Verdict, law: LawBook) -> Verdict:
    day = _("Theo định mức ngày %(day)s: ") % {"day": law.on.strftime("%d/%m/%Y")}
    return replace(verdict, message=day + verdict.message)


def _percent_verdict(source: str, facts: ProjectFacts, limit: Limit) -> Verdict | None:
    norm, amount = limit.norm, facts.amount(source)
    if norm.pct is None or limit.percent_vnd is None:
        return None
    inputs = _inputs(facts, source, limit) | {"pct": norm.pct, "limit_vnd": limit.percent_vnd}
    words = _words(source, amount, limit)
    if amount * 100 <= norm.pct * limit.base_vnd:
        return _ok(
            "norm_percent",
            _("%(money)s trong mức %(pct)s%%, %(base)s (%(law)s).") % words,
            source,
            inputs,
            norm,
        )
    if limit.base_vnd == 0 and not limit.base_is_total:
        message = _(
            "Chưa dòng dự toán nào thuộc phần được hỗ trợ nên %(money)s không có cơ sở tính tỷ lệ %(pct)s%%."
        )
    else:
        message = _("%(money)s vượt mức %(pct)s%%, %(base)s: tối đa %(percent_limit)s đồng (%(law)s).")
    return _over("norm_percent", message % words, source, facts, limit, inputs)


def _cap_verdict(source: str, facts: ProjectFacts, limit: Limit) -> Verdict | None:
    norm, amount = limit.norm, facts.amount(source)
    if norm.cap_vnd is None:
        return None
    inputs = _inputs(facts, source, limit) | {"cap_vnd": norm.cap_vnd}
    words = _words(source, amount, limit)
    if limit.cap_vnd is None or limit.units is None:
        message = _(
            "Chưa biết số %(unit)s nên chưa kiểm tra được mức tối đa %(cap)s đồng một %(unit)s (%(law)s)."
        )
        return replace(_ok("norm_cap_waits", message % words, source, inputs, norm), severity="note")
    inputs |= {"units": limit.units, "limit_vnd": limit.cap_vnd}
    if amount <= limit.cap_vnd:
        return _ok(
            "norm_cap", _("%(money)s trong mức tối đa %(cap_limit)s (%(law)s).") % words, source, inputs, norm
        )
    message = _("%(money)s vượt mức tối đa %(cap_limit)s (%(law)s).")
    return _over("norm_cap", message % words, source, facts, limit, inputs)


def _over(
    code: str, message: str, source: str, facts: ProjectFacts, limit: Limit, inputs: Mapping[str, int | str]
) -> Verdict:
    return finding(
        code,
        message,
        _field(source),
        limit.norm.basis,
        rule=limit.norm.rule,
        inputs=inputs,
        blocks_from=State.PASSED_PROV.value,
        fix=_fix(source, facts, limit),
    )


def _ok(code: str, message: str, source: str, inputs: Mapping[str, int | str], norm: Norm) -> Verdict:
    return Verdict(
        code, "ok", message, _field(source), norm.basis.source, norm.basis.confidence, norm.rule, inputs
    )


def _fix(source: str, facts: ProjectFacts, limit: Limit) -> Fix | None:
    """The largest lawful amount, the rest moved to the beneficiary's own money."""
    allowed = limit.vnd
    if not allowed:
        return None
    moved = facts.amount(source) - allowed
    label = _("Sửa thành %(new)s, chuyển %(moved)s sang đối ứng") % {
        "new": trieu(allowed),
        "moved": trieu(moved),
    }
    return Fix(label, {_field(source): allowed, "own_vnd": facts.amount("OWN") + moved})


def _inputs(facts: ProjectFacts, source: str, limit: Limit) -> dict[str, int | str]:
    return {
        "source": source,
        "activity": facts.activity or "",
        "amount_vnd": facts.amount(source),
        "base_vnd": limit.base_vnd,
        "base": "total" if limit.base_is_total else "supported_lines",
    }


def _words(source: str, amount: int, limit: Limit) -> dict[str, object]:
    norm = limit.norm
    unit = str(NormUnit(norm.unit).label)
    base = (
        _("tính trên tổng kinh phí %(amount)s đồng")
        if limit.base_is_total
        else _("tính trên chi phí được hỗ trợ %(amount)s đồng")
    ) % {"amount": trieu(limit.base_vnd)}
    cap = trieu(norm.cap_vnd or 0)
    cap_limit = _("%(cap)s đồng một %(unit)s") % {"cap": cap, "unit": unit}
    if limit.units and limit.units > 1:
        cap_limit = _("%(total)s đồng (%(units)s %(unit)s × %(cap)s)") % {
            "total": trieu(limit.cap_vnd or 0),
            "units": limit.units,
            "unit": unit,
            "cap": cap,
        }
    return {
        "money": _("%(source)s %(amount)s đồng") % {"source": source_name(source), "amount": trieu(amount)},
        "pct": norm.pct,
        "base": base,
        "percent_limit": trieu(limit.percent_vnd or 0),
        "cap": cap,
        "cap_limit": cap_limit,
        "unit": unit,
        "law": norm.basis.name
        if norm.basis.trusted
        else _("%(law)s; chưa kiểm chứng") % {"law": norm.basis.name},
    }


def _unverified_note(source: str, norm: Norm) -> Verdict:
    message = _("Định mức của nội dung %(code)s (%(law)s) chưa kiểm chứng: chỉ cảnh báo, không chặn.") % {
        "code": norm.activity_code,
        "law": norm.basis.name,
    }
    return Verdict(
        "unverified_norm",
        "note",
        message,
        _field(source),
        norm.basis.source,
        norm.basis.confidence,
        norm.rule,
    )


def _local_norm_unknown() -> Verdict:
    message = _("Chưa có định mức của tỉnh nên chưa kiểm tra được mức hỗ trợ khuyến công địa phương.")
    return Verdict("local_norm_unknown", "note", message, _field("KCDP"), rule="norm:KCDP:unknown")


def _field(source: str) -> str:
    return f"{source.lower()}_vnd"


def source_name(source: str) -> str:
    """The purse as sentences name it."""
    return _("Khuyến công quốc gia") if source == "KCQG" else _("Khuyến công địa phương")
