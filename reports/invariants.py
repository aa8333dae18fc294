"""What must hold of reports at any moment; `manage.py verify` asks each night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models.functions import Now

from reports.models import Report

PATIENCE = dt.timedelta(hours=1)


def reports_are_made() -> Iterator[str]:
    """No report waits or runs for an hour: else neither workers nor the scheduler are there."""
    for report in Report.objects.open().filter(created_at__lt=Now() - PATIENCE).order_by("id"):
        yield f"report {report.uuid} is {report.status} since {report.created_at:%Y-%m-%d %H:%M} UTC"
