"""The contract of a project and its annexes, and the fund they open. Money is VND.

Căn cứ: Thông tư 36/2013/TT-BCT, khoản 4 Điều 6, khoản 1 Điều 12.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import policy as door
from accounts.models import OrganisationKind, User
from programs.errors import MissingDetail, MoneyConflict
from programs.lifecycle import Source
from programs.models import Contract, FundEntry, Project, ProjectFund
from programs.moneyterms import WAITING, ContractKind, EntryKind
from records import audit, outbox
from records.models import StoredFile
from vietnam.money import format_vnd
from vietnam.text import clean

if TYPE_CHECKING:
    from programs.workflow import Move, Paper


@dataclass(frozen=True, slots=True)
class AnnexValues:
    """An annex as signed: ``amount_vnd`` is what the support comes to from it on."""

    number: str
    signed_on: dt.date
    signer: str
    amount_vnd: int
    reason: str
    file: StoredFile | None = None


def granted_vnd(project: Project) -> int:
    """What the project's own purse gives it by the decision, VND."""
    return project.amounts()[Source(project.purse)]


def open_fund(move: Move) -> None:
    """The consequence of the step "contract": the fund, its contract, and what paper had moved before.

    ``data["contract_vnd"]`` is the contract's sum, all that was approved unless it says less.
    Raises ``MissingDetail`` or ``MoneyConflict``.
    """
    project, paper = move.project, move.paper
    assert paper.signed_on is not None  # the step requires its paper
    granted = granted_vnd(project)
    amount = int(move.data.setdefault("contract_vnd", granted))
    _require_sum(amount, granted)
    _require_same_contract(project, paper, amount)
    assigned = project.owner.kind == OrganisationKind.REGION
    lender = move.decision.on_behalf_of_id
    with refusing():
        fund = ProjectFund.objects.create(project=project, source=project.purse, granted_vnd=granted)
        contract = Contract.objects.create(
            fund=fund, kind=ContractKind.ASSIGNMENT if assigned else ContractKind.CONTRACT,
            number=paper.number, signed_on=paper.signed_on, signer=paper.signer, amount_vnd=amount,
            file=paper.file, recorded_by=move.actor, recorded_for_id=lender,
        )  # fmt: skip
        for kind, vnd, source in [(EntryKind.CONTRACT_UP, amount, contract), *_carried_lines(project)]:
            FundEntry.objects.create(
                fund=fund,
                kind=kind,
                amount_vnd=vnd,
                contract=source,
                actor=move.actor,
                on_behalf_of_id=lender,
            )
    audit.record(
        "programs.open_fund", contract, actor=move.actor, on_behalf_of=move.decision.lender,
        after={"project": project.code, "contract": contract.number, "contract_vnd": amount},
    )  # fmt: skip


def _require_same_contract(project: Project, paper: Paper, amount: int) -> None:
    """What a project from paper had signed, two people have confirmed; what has changed since is an annex."""
    if project.carried_as_of is None or not project.carried_over.contract_number:
        return
    entry = project.carried_over
    told = _("Hợp đồng trên giấy: số %(number)s ngày %(day)s, %(amount)s đồng; thay đổi thì ghi phụ lục.")
    words = {
        "number": entry.contract_number,
        "day": f"{entry.contract_on:%d/%m/%Y}",
        "amount": format_vnd(entry.contract_vnd or 0),
    }
    for field, same in (
        ("paper_number", clean(paper.number) == entry.contract_number),
        ("paper_date", paper.signed_on == entry.contract_on),
        ("contract_vnd", amount == entry.contract_vnd),
    ):
        if not same:
            raise MissingDetail(field, told % words)


def _carried_lines(project: Project) -> list[tuple[EntryKind, int, None]]:
    """What a project taken over from paper had been paid and had given back by then."""
    paid, back = _carried(project)
    told = [(EntryKind.CARRIED_PAID, paid), (EntryKind.CARRIED_REFUND, back)]
    return [(kind, vnd, None) for kind, vnd in told if vnd]


def _carried(project: Project) -> tuple[int, int]:
    """Paid and given back on paper, VND."""
    if project.carried_as_of is None:
        return 0, 0
    row = project.carried_over.money.filter(source=project.purse).first()
    return (row.disbursed_vnd, row.refunded_vnd) if row else (0, 0)


def amend(project: Project, values: AnnexValues, *, actor: User) -> Contract:
    """Record an annex. Raises ``PermissionRefused``, ``MissingDetail`` or ``MoneyConflict``."""
    with transaction.atomic():
        locked = lock_project(project)
        permission = door.require(actor, "programs.amend_contract", locked)
        fund = lock_fund(locked)
        _require_annex(values, fund)
        with refusing():
            made = Contract.objects.create(
                fund=fund, kind=ContractKind.ANNEX, number=clean(values.number), signed_on=values.signed_on,
                signer=clean(values.signer), amount_vnd=values.amount_vnd, reason=clean(values.reason),
                file=values.file, recorded_by=actor, recorded_for_id=permission.on_behalf_of_id,
            )  # fmt: skip
            if change := values.amount_vnd - fund.contract_vnd:
                FundEntry.objects.create(
                    fund=fund, kind=EntryKind.CONTRACT_UP if change > 0 else EntryKind.CONTRACT_DOWN,
                    amount_vnd=abs(change), contract=made, actor=actor,
                    on_behalf_of_id=permission.on_behalf_of_id,
                )  # fmt: skip
        audit.record(
            "programs.amend_contract", locked, actor=actor, reason=made.reason,
            before={"contract_vnd": fund.contract_vnd},
            after={"contract_vnd": made.amount_vnd, "annex": made.number}, on_behalf_of=permission.lender,
        )  # fmt: skip
        outbox.post("contract.amended", {"contract": made.pk})
        touch(locked)
    return made


def _require_annex(values: AnnexValues, fund: ProjectFund) -> None:
    if not clean(values.number):
        raise MissingDetail("number", _("Hãy ghi số phụ lục."))
    first = fund.contracts.order_by("id").first()
    if values.signed_on > timezone.localdate():
        raise MissingDetail("signed_on", _("Ngày văn bản không được ở tương lai."))
    if first is not None and values.signed_on < first.signed_on:
        told = _("Phụ lục không ký trước hợp đồng (%(day)s).")
        raise MissingDetail("signed_on", told % {"day": f"{first.signed_on:%d/%m/%Y}"})
    if not clean(values.reason):
        raise MissingDetail("reason", _("Hãy ghi nội dung, lý do điều chỉnh."))
    _require_sum(values.amount_vnd, fund.granted_vnd, "amount_vnd")
    out = fund.held_vnd + fund.due_vnd
    if values.amount_vnd < out:
        told = _("Đã chi và đã duyệt chi %(amount)s đồng; hợp đồng không thấp hơn được.")
        raise MissingDetail("amount_vnd", told % {"amount": format_vnd(out)})


def _require_sum(amount: int, granted: int, field: str = "contract_vnd") -> None:
    if amount <= 0:
        raise MissingDetail(field, _("Hãy ghi kinh phí theo hợp đồng."))
    if amount > granted:
        told = _("Kinh phí theo hợp đồng không vượt số được phê duyệt: %(amount)s đồng.")
        raise MissingDetail(field, told % {"amount": format_vnd(granted)})


def lock_project(project: Project) -> Project:
    """The row until the transaction ends. Locked before its fund by everybody, so that a stop and a payment
    wait for each other instead of deadlocking."""
    rows = Project.objects.select_for_update(of=("self",)).select_related("owner", "province", "plan")
    return rows.get(pk=project.pk)


def touch(project: Project) -> None:
    """Its money has moved: whoever copies what has changed since sees it. The row is locked."""
    Project.objects.filter(pk=project.pk).update(updated_at=timezone.now())


def lock_fund(project: Project) -> ProjectFund:
    """Raises ``MoneyConflict`` where the project has none."""
    fund = ProjectFund.objects.select_for_update().filter(project=project, source=project.purse).first()
    if fund is None:
        raise MoneyConflict(_("Đề án chưa có hợp đồng trên cổng."))
    fund.project = project
    return fund


REFUSALS: dict[str, tuple[str, str | Promise]] = {
    "contract_within_grant": ("contract_vnd", gettext_lazy("Kinh phí theo hợp đồng vượt số được phê duyệt.")),
    "paid_within_contract": ("", gettext_lazy("Số đã chi và đã duyệt chi vượt hợp đồng.")),
    "refund_within_paid": ("amount_vnd", gettext_lazy("Số thu hồi vượt số đã chi.")),
    "contract_number_once_a_fund": ("number", gettext_lazy("Văn bản số này đã được ghi cho đề án.")),
    "one_line_a_voucher": ("voucher_number", gettext_lazy("Chứng từ số này đã được ghi cho đề án.")),
    "request_is_fixed": ("", gettext_lazy("Đề nghị này vừa được người khác xử lý; hãy xem lại.")),
}
"""What the database may answer to people who were quicker than each other: the field, and a sentence."""


@contextmanager
def refusing() -> Iterator[None]:
    """What the database refuses inside, said in words: ``MissingDetail`` at its field, or ``MoneyConflict``.

    Another refusal is no race of people, and stays what it is.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        field, told = next((said for name, said in REFUSALS.items() if name in str(error)), ("", ""))
        if not told:
            raise
        raise (MissingDetail(field, str(told)) if field else MoneyConflict(str(told))) from error


def require_nothing_out(project: Project) -> None:
    """A project is stopped when its money has come back and no request waits. Raises ``MoneyConflict``."""
    fund = ProjectFund.objects.filter(project=project).first()
    if fund is None:
        paid, back = _carried(project)
        if paid > back:
            told = _(
                "Hồ sơ giấy ghi còn %(amount)s đồng chưa thu hồi; hãy ghi hợp đồng, khoản thu hồi trước."
            )
            raise MoneyConflict(told % {"amount": format_vnd(paid - back)})
        return
    if fund.held_vnd:
        told = _("Còn %(amount)s đồng chưa thu hồi; hãy ghi khoản thu hồi trước khi ngừng.")
        raise MoneyConflict(told % {"amount": format_vnd(fund.held_vnd)})
    if fund.requests.filter(state__in=WAITING).exists():
        raise MoneyConflict(
            _("Còn đề nghị tạm ứng, thanh toán chưa xong; hãy trả lại hoặc rút trước khi ngừng.")
        )
