"""The words of reviewing, as data: who reads a remark, what an answer does to it, what is appraised."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who may read a remark."""

    OFFICE = "OFFICE", _("Nội bộ cơ quan tôi")
    DOSSIER = "DOSSIER", _("Đơn vị lập đề án và mọi người thấy hồ sơ")


class Turn(models.TextChoices):
    """What an answer does to its thread."""

    RESOLVED = "RESOLVED", _("Đã xử lý xong")
    REOPENED = "REOPENED", _("Mở lại")


CRITERIA: tuple[tuple[str, str | Promise], ...] = (
    ("principles", _("Phù hợp nguyên tắc, nội dung khuyến công")),
    ("need", _("Sự cần thiết, hiệu quả, chi phí hợp lý")),
    ("capacity", _("Năng lực của các bên")),
    ("combination", _("Kết hợp với chương trình khác")),
    ("dossier", _("Hồ sơ đầy đủ, đúng quy định")),
)
"""Appraisal criteria. Căn cứ: Thông tư 36/2013/TT-BCT, Điều 9."""


class Grade(models.TextChoices):
    """An appraiser's verdict on a criterion."""

    PASS = "PASS", _("Đạt")
    FAIL = "FAIL", _("Không đạt")
    UNSURE = "UNSURE", _("Chưa rõ")
