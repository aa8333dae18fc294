"""The worker's side: claim a row, read under its owner's scope, write the file, say so. And the watchman's.

Reading is one transaction, so the paper shows one moment; writing holds none; file, outcome and message
are kept in one transaction under the fencing token, so that a worker which was given up changes nothing.
"""

from __future__ import annotations

import logging
import tempfile
from typing import IO

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.policy import PermissionRefused, require
from accounts.scope import act_as
from records import context, doorbell, files, inbox
from records.leases import JobStatus, LeaseLost, Swept
from records.pulse import Pulse
from records.sniff import PDF, XLSX
from reports.kinds import KINDS, Paper
from reports.models import Report
from reports.policy import Reach
from reports.workflow import TASK

log = logging.getLogger(__name__)

LARGEST_FILE = 200 * 1024 * 1024
"""Bytes: a million rows fit; more would be a fault of ours."""
FAILED = gettext_noop("Có lỗi khi lập báo cáo. Hãy thử lại; nếu vẫn lỗi, báo quản trị hệ thống.")


def build(pk: int) -> bool:
    """Make the waiting report ``pk``; False when it is gone, taken, cancelled or failed."""
    report = Report.claim(pk)
    if report is None:
        return False
    with context.bind(f"report-{report.uuid}"), translation.override("vi"):
        try:
            with Pulse(report) as pulse, tempfile.TemporaryFile() as out:
                paper = _read(report, pulse)
                paper.write(out, pulse.tell)
                _keep(report, out, paper.reach(), paper.summary())
        except LeaseLost as lost:
            log.info("%s", lost)
        except PermissionRefused as refused:
            _fail(report, str(refused), again=False)
        except Exception:
            log.exception("report %s failed", report.pk)
            _fail(report, FAILED, again=True)
        else:
            return True
    return False


def _read(report: Report, pulse: Pulse) -> Paper:
    with act_as(report.owner):
        # The owner may have lost the post since asking.
        require(report.owner, "reports.request_report", report.province)
        return KINDS[report.kind](report, pulse.tell)


def _keep(report: Report, out: IO[bytes], reach: Reach, summary: dict[str, int]) -> None:
    with context.whole_country():
        stored = files.store(out, report.file_name, limit=LARGEST_FILE, allowed={XLSX, PDF})
        Report.objects.filter(pk=report.pk).update(
            whole_ids=reach.whole_ids,
            partial_ids=reach.partial_ids,
            office_ids=reach.office_ids,
            summary=summary,
        )
        report.finish(report.token, stored)
        _tell_owner(report, gettext_noop("Báo cáo đã lập xong"))


def _fail(report: Report, sentence: str, *, again: bool) -> None:
    """End with a sentence for people, or put back while attempts remain; nothing when it is not ours."""
    try:
        with context.whole_country():
            report.fail(report.token, sentence, again=again)
            report.refresh_from_db()
            if report.status == JobStatus.FAILED:
                _tell_owner(report, gettext_noop("Báo cáo không lập được"), sentence)
    except LeaseLost as lost:
        log.info("%s", lost)


def _tell_owner(report: Report, title: str, body: str = "") -> None:
    with translation.override(report.owner.language):
        page = reverse("reports:report_detail", args=[report.uuid])
        inbox.notify(
            [report.owner], "reports.ended", f"{_(title)}: {report.title}", _(body) if body else "", page
        )


def sweep() -> Swept:
    """Put back reports whose worker is gone, ring for all that wait, tell the owners of those given up."""
    swept = Report.sweep(lambda pk: doorbell.ring(TASK, pk))
    with context.whole_country():
        for report in Report.objects.filter(pk__in=swept.given_up).select_related("owner", "province"):
            _tell_owner(report, gettext_noop("Báo cáo không lập được"), report.error)
    return swept
