"""A report somebody asked for: a leased job whose outcome is a file."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.lifecycle import Purse, Source
from records.files import clean_name
from records.leases import OPEN, JobStatus, LeasedJob, params_digest
from reports.lifecycle import PURSE_SHORT, ReportKind, Stage
from reports.querysets import ReportQuerySet
from vietnam.models import AdminUnit, Level


def _ids(**options: Any) -> ArrayField[Any, Any]:
    return ArrayField(models.BigIntegerField(), default=list, editable=False, **options)


class Report(LeasedJob):
    """``params``: ``{"year", "purse", "stage"}``; of dossiers ``{"codes"}``. The file lists what its
    owner might see when it was made.

    ``whole_ids`` are the provinces (dated units) of which it may hold every project, ``partial_ids`` those
    of which it may hold only the work of ``office_ids``; all empty until the file is made.
    """

    kind = models.CharField(gettext_lazy("loại báo cáo"), max_length=30, choices=ReportKind)
    province = models.ForeignKey(
        AdminUnit, models.PROTECT, related_name="+", verbose_name=gettext_lazy("địa bàn")
    )
    """The province asked about (its predecessors are included), or the nation."""
    whole_ids = _ids()
    partial_ids = _ids()
    office_ids = _ids()

    summary = models.JSONField(gettext_lazy("tóm tắt"), default=dict, editable=False)
    """Of the finished file: number of projects, VND by source (``projects``, ``total_vnd``, …)."""

    lease = dt.timedelta(seconds=30)
    objects = ReportQuerySet.as_manager()

    class Meta(LeasedJob.Meta):
        verbose_name = gettext_lazy("báo cáo")
        verbose_name_plural = gettext_lazy("báo cáo")
        indexes: ClassVar[list[models.Index]] = [
            *LeasedJob.Meta.indexes,
            models.Index(fields=["owner", "-id"], name="reports_report_owner"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *LeasedJob.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status=JobStatus.DONE) | Q(result__isnull=False),
                name="reports_report_done_has_file",
            ),
            models.UniqueConstraint(
                fields=["owner", "params_hash"],
                condition=Q(status__in=OPEN),
                name="reports_report_one_open",
                violation_error_message=gettext_lazy("Báo cáo này đang được lập."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.params_hash = self.digest()
        super().save(*args, **kwargs)

    def digest(self) -> str:
        """What makes two requests of one person the same."""
        return params_digest({"kind": self.kind, "province": self.province_id, **self.params})

    @property
    def codes(self) -> list[str]:
        """The projects whose dossiers are asked for."""
        return list(self.params.get("codes", []))

    @property
    def of_dossiers(self) -> bool:
        return self.kind == ReportKind.DOSSIERS

    @property
    def year(self) -> int:
        return int(self.params["year"])

    @property
    def purse(self) -> Purse:
        return Purse(self.params["purse"])

    @property
    def stage(self) -> Stage:
        return Stage(self.params["stage"])

    @property
    def is_national(self) -> bool:
        return self.province.level == Level.NATION

    @property
    def title(self) -> str:
        """ "Biểu tổng hợp đề án KCQG 2027 – Thanh Hóa", "Hồ sơ 12 đề án (KCQG-2027-38-0001, …)"."""
        if self.of_dossiers:
            more = ", …" if len(self.codes) > 1 else ""
            told = {"count": len(self.codes), "first": f"{self.codes[0]}{more}"}
            return _("Hồ sơ %(count)d đề án (%(first)s)") % told
        area = self.province.name if self.is_national else self.province.bare_name
        return _("Biểu tổng hợp đề án %(purse)s %(year)s – %(area)s") % {
            "purse": PURSE_SHORT[self.purse],
            "year": self.year,
            "area": area,
        }

    @property
    def file_name(self) -> str:
        return clean_name(f"{self.title}.{'pdf' if self.of_dossiers else 'xlsx'}")

    def amounts(self) -> dict[str, int]:
        """The finished file's money by source, VND."""
        names = {Source.KCQG: "kcqg", Source.KCDP: "kcdp", Source.OWN: "own", Source.OTHER: "other"}
        return {source: int(self.summary.get(f"{name}_vnd", 0)) for source, name in names.items()}

    @property
    def is_done(self) -> bool:
        return self.status == JobStatus.DONE

    @property
    def may_retry(self) -> bool:
        return self.status in (JobStatus.FAILED, JobStatus.CANCELLED)

    @property
    def step_label(self) -> str:
        """The running step in the reader's language; the row keeps the Vietnamese sentence."""
        return _(self.step) if self.step else ""

    @property
    def error_label(self) -> str:
        return _(self.error) if self.error else ""
