"""What people do with reports: ask, stop, ask again, fetch. HTML and API come through here."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import require
from programs.errors import IllegalMove, MissingDetail
from programs.models import Project
from records import audit, doorbell
from records.models import StoredFile
from reports.lifecycle import MOST_DOSSIERS, ReportKind, Stage
from reports.models import Report
from vietnam.models import AdminUnit

TASK = "reports.tasks.build_report"


def request_report(
    *, actor: User, kind: str, area: AdminUnit, year: int, purse: str, stage: str = Stage.ALL
) -> tuple[Report, bool]:
    """The report asked for and whether it is new: the same one, while it is being made, is joined.

    Raises ``PermissionRefused``.
    """
    params = {"year": year, "purse": purse, "stage": Stage(stage)}
    return _request(actor, area, Report(kind=ReportKind(kind), params=params))


def request_dossiers(*, actor: User, projects: Sequence[Project]) -> tuple[Report, bool]:
    """One PDF of these dossiers, which the actor sees; joined where it is being made already.

    Raises ``MissingDetail`` without a project or with too many, and ``PermissionRefused``.
    """
    if not projects:
        raise MissingDetail("code", _("Hãy chọn ít nhất một đề án để in."))
    if len(projects) > MOST_DOSSIERS:
        told = _("Mỗi tệp in được tối đa %(most)d đề án; hãy bỏ bớt.") % {"most": MOST_DOSSIERS}
        raise MissingDetail("code", told)
    params = {"codes": sorted(project.code for project in projects)}
    return _request(actor, projects[0].province, Report(kind=ReportKind.DOSSIERS, params=params))


def _request(actor: User, area: AdminUnit, asked: Report) -> tuple[Report, bool]:
    require(actor, "reports.request_report", area)
    asked.owner, asked.province = actor, area
    running = _twin(asked)
    if running is not None:
        return running, False
    try:
        with transaction.atomic():
            asked.save()
    except IntegrityError:
        # Somebody with the same account asked in the same moment; their row is committed by now.
        running = _twin(asked)
        if running is None:
            raise
        return running, False
    audit.record("reports.request", asked, actor=actor, after={"kind": asked.kind, **asked.params})
    doorbell.ring_on_commit(TASK, asked.pk)
    return asked, True


def _twin(asked: Report) -> Report | None:
    """The open report of this owner with the same parameters."""
    return Report.objects.open().filter(owner=asked.owner, params_hash=asked.digest()).first()


def cancel_report(report: Report, *, actor: User) -> Report:
    """Stop it; its worker leaves at its next beat. Raises ``IllegalMove`` when it has ended."""
    require(actor, "reports.cancel_report", report)
    if not report.cancel():
        raise IllegalMove(_("Báo cáo đã kết thúc nên không hủy được."))
    audit.record("reports.cancel", report, actor=actor)
    report.refresh_from_db()
    return report


def retry_report(report: Report, *, actor: User) -> Report:
    """Ask again for a failed or cancelled report; returns the running one where the same is being made.

    Raises ``IllegalMove`` when it is neither failed nor cancelled, and ``PermissionRefused``.
    """
    require(actor, "reports.retry_report", report)
    require(actor, "reports.request_report", report.province)
    if not report.may_retry:
        raise IllegalMove(_("Chỉ lập lại được báo cáo bị lỗi hoặc đã hủy."))
    running = _twin(report)
    if running is not None:
        return running
    try:
        with transaction.atomic():
            taken = report.retry()
    except IntegrityError:
        taken = False
    if not taken:
        raise IllegalMove(_("Báo cáo này vừa được yêu cầu lại ở nơi khác."))
    audit.record("reports.retry", report, actor=actor)
    doorbell.ring_on_commit(TASK, report.pk)
    report.refresh_from_db()
    return report


def fetch_file(report: Report, *, actor: User) -> StoredFile:
    """The finished file; taking data out of the portal is on record. Raises ``IllegalMove`` without one."""
    require(actor, "reports.download_report", report)
    if not report.is_done or report.result is None:
        raise IllegalMove(_("Báo cáo chưa lập xong nên chưa có tệp."))
    audit.record("reports.download", report, actor=actor, after={"sha256": report.result.sha256})
    return report.result
