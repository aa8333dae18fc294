"""What a file of projects holds: the facts of the list's rows, one a column."""

from __future__ import annotations

from django.utils.translation import gettext as _

from records.sheets import Column


def project_columns() -> list[Column]:
    return [
        Column(_("Mã đề án"), lambda row: row.code, 19),
        Column(_("Tên đề án"), lambda row: row.title, 60),
        Column(_("Tỉnh, thành phố"), lambda row: row.province.bare_name, 16),
        Column(
            _("Cơ sở thụ hưởng"),
            lambda row: "; ".join(item.establishment.name for item in row.beneficiaries.all()),
            40,
        ),
        Column(_("Nội dung"), lambda row: row.activity.short_name if row.activity else "", 28),
        Column(_("Năm kế hoạch"), lambda row: row.year, 9),
        Column(_("Tổng kinh phí"), lambda row: row.total_vnd, 18, money=True),
        Column(_("KCQG"), lambda row: row.kcqg_vnd, 16, money=True),
        Column(_("KCĐP"), lambda row: row.kcdp_vnd, 16, money=True),
        Column(_("Trạng thái"), lambda row: str(row.get_state_display()), 22),
        Column(_("Số liệu chuyển tiếp đến ngày"), lambda row: row.carried_as_of, 14),
        Column(_("Người xử lý"), lambda row: str(row.held.person) if row.held else "", 24),
        Column(_("Từ ngày"), lambda row: row.held.since if row.held else None, 12),
        Column(_("Điện thoại"), lambda row: row.held.person.phone if row.held else "", 16),
        Column(_("Cập nhật"), lambda row: row.updated_at, 12),
    ]
