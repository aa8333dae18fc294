"""What the law lets a contract be paid in advance, and whether a request keeps to it. Money is VND."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from programs.lawterms import document_name
from programs.models import AdvanceRate, PaymentRequest, Project, ProjectFund
from programs.moneyterms import RequestKind, RequestState
from programs.rulewords import advance_words
from vietnam.money import format_vnd


@dataclass(frozen=True, slots=True)
class AdvanceLimit:
    """The rate in force for a project's activity on a day, in words, and what it comes to."""

    rule: AdvanceRate
    most_vnd: int

    @property
    def words(self) -> str:
        return advance_words(self.rule)

    @property
    def basis(self) -> str:
        source = document_name(self.rule.source_document.number) if self.rule.source_document else ""
        return ", ".join(filter(None, (source, self.rule.clause)))


def limit_of(fund: ProjectFund) -> AdvanceLimit | None:
    """By the law of the day the contract was signed."""
    contract = fund.contracts.earliest("id")
    return advance_limit(fund.project, fund, contract.signed_on)


def advance_limit(project: Project, fund: ProjectFund, day: dt.date) -> AdvanceLimit | None:
    """None where the portal knows no rate: for local money, and where the head of the Cục decides alone."""
    code = project.activity.code if project.activity else ""
    rows = AdvanceRate.objects.filter(purse=project.purse, valid__contains=day).select_related(
        "source_document"
    )
    fitting = [row for row in rows if _covers(row.activity_code, code)]
    if not fitting:
        return None
    rule = max(fitting, key=lambda row: len(row.activity_code))
    return AdvanceLimit(rule, fund.contract_vnd * rule.rate_pct // 100)


def _covers(code: str, activity: str) -> bool:
    """``N3`` covers N3 and N3.1, not N31; a blank code covers all."""
    return not code or activity == code or activity.startswith((f"{code}.", f"{code}-"))


def objections(request: PaymentRequest, limit: AdvanceLimit | None) -> list[str]:
    """Where money goes beyond the rate of advances or comes before its time: the rest is paid once the work
    is done and accepted (Thông tư 36/2013/TT-BCT, Điều 14). No bar: the head of the Cục may decide otherwise
    (khoản 2 Điều 16), in writing."""
    if limit is None:
        return []
    if request.kind == RequestKind.PAYMENT:
        if request.done_percent == 100:
            return []
        told = _("Thanh toán khi đã hoàn thành và nghiệm thu; đề nghị này ghi %(done)s.")
        return [told % {"done": _percent(request.done_percent)}]
    found = []
    together = request.amount_vnd + _advanced(request)
    if together > limit.most_vnd:
        told = _("Các khoản tạm ứng cộng lại %(sum)s đồng, vượt mức %(most)s đồng (%(rate)d %% hợp đồng).")
        words = {"sum": format_vnd(together), "most": format_vnd(limit.most_vnd), "rate": limit.rule.rate_pct}
        found.append(told % words)
    needed, done = limit.rule.work_over_pct, request.done_percent
    if needed is not None and (done is None or done <= needed):
        told = _("Chỉ tạm ứng khi khối lượng đã quá %(needed)d %%; đề nghị này ghi %(done)s.")
        found.append(told % {"needed": needed, "done": _percent(done)})
    return found


def _percent(done: int | None) -> str:
    return _("chưa rõ khối lượng") if done is None else f"{done} %"


def _advanced(request: PaymentRequest) -> int:
    """Advances of the fund but this one: approved or paid, whatever came back, here or on paper."""
    fund = request.fund
    given = fund.requests.filter(
        kind=RequestKind.ADVANCE, state__in=[RequestState.APPROVED, RequestState.PAID]
    ).exclude(pk=request.pk)
    rows = [row.amount_vnd for row in given]
    if fund.project.carried_as_of is not None:
        rows += [row.amount_vnd for row in fund.project.carried_over.advances.filter(source=fund.source)]
    return sum(rows)
