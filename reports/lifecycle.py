"""What reports there are, and which part of a plan's projects one lists. Pure data."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.lifecycle import COMMITTED, Purse, State


class ReportKind(models.TextChoices):
    REGISTRATION_LIST = "registration_list", _("Biểu tổng hợp đề án (Mẫu số 2)")
    DOSSIERS = "dossiers", _("Hồ sơ đề án để in (PDF)")


TABLES: tuple[tuple[str, str | Promise], ...] = (
    (ReportKind.REGISTRATION_LIST, ReportKind.REGISTRATION_LIST.label),
)
"""Kinds asked for by year, purse and area; dossiers are ticked on a list."""
MOST_DOSSIERS = 100
"""In one file: some 500 pages, set in one go."""


class Stage(models.TextChoices):
    """How far a project must have come to be listed."""

    ALL = "all", _("Mọi trạng thái")
    PASSED = "passed", _("Đạt thẩm định cấp cơ sở trở lên")
    REGISTERED = "registered", _("Đã đăng ký với Cục trở lên")
    APPROVED = "approved", _("Đã phê duyệt kế hoạch")


_REGISTERED = frozenset(
    {State.REGISTERED, State.RETURNED_MIN, State.REVIEW_MIN, State.PASSED_MIN, State.IN_PLAN}
)
STAGES: dict[str, frozenset[State]] = {
    Stage.ALL: frozenset(State),
    Stage.PASSED: _REGISTERED | COMMITTED | {State.PASSED_PROV},
    Stage.REGISTERED: _REGISTERED | COMMITTED,
    Stage.APPROVED: COMMITTED,
}
"""Local money has no registration with the Cục: there "registered" begins with the draft plan."""

PURSE_SHORT: dict[str, str] = {Purse.KCQG: "KCQG", Purse.KCDP: "KCĐP"}
"""How papers write the purse, in any language."""
