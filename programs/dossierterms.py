"""Words of a dossier that its model, its forms and its lists share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise

TEXT_SECTIONS: tuple[tuple[str, int, str | Promise], ...] = (
    ("necessity", 2, _("Sự cần thiết và căn cứ")),
    ("objectives", 3, _("Mục tiêu")),
    ("scale", 4, _("Quy mô")),
    ("content", 5, _("Nội dung và tiến độ")),
    ("organisation", 7, _("Tổ chức thực hiện")),
    ("effectiveness", 8, _("Hiệu quả")),
)
"""The dossier's written parts with their number. Căn cứ: Thông tư 36/2013/TT-BCT, Điều 5.
Parts 1 (parties) and 6 (budget) are structured."""
