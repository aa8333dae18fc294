"""The words of reviewing, as data: who reads a remark, what an answer does to it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who may read a remark."""

    OFFICE = "OFFICE", _("Nội bộ cơ quan tôi")
    DOSSIER = "DOSSIER", _("Đơn vị lập đề án và mọi người thấy hồ sơ")


class Turn(models.TextChoices):
    """What an answer does to its thread."""

    RESOLVED = "RESOLVED", _("Đã xử lý xong")
    REOPENED = "REOPENED", _("Mở lại")
