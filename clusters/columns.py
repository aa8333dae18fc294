"""What a file of clusters holds: the facts of the register's rows, one a column."""

from __future__ import annotations

from django.utils.translation import gettext as _

from records.sheets import Column


def cluster_columns() -> list[Column]:
    return [
        Column(_("Tên cụm"), lambda row: row.name, 45),
        Column(_("Tỉnh, thành phố"), lambda row: row.province.bare_name, 16),
        Column(_("Xã, phường"), lambda row: row.commune.name if row.commune else "", 22),
        Column(_("Loại"), lambda row: str(row.get_type_display()), 14),
        Column(_("Diện tích (ha)"), lambda row: row.area_ha, 12),
        Column(_("Pháp lý"), lambda row: str(row.get_legal_status_display()), 18),
        Column(_("Số quyết định thành lập"), lambda row: row.decision_number, 22),
        Column(_("Ngày quyết định"), lambda row: row.decision_date, 14),
        Column(_("Giai đoạn"), lambda row: str(row.get_phase_display()), 24),
    ]
