"""What a file of establishments holds: the facts of the register's rows; personal numbers only masked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from records.sheets import Column


def establishment_columns() -> list[Column]:
    return [
        Column(_("Tên cơ sở"), lambda row: row.name, 45),
        Column(_("Tỉnh, thành phố"), lambda row: row.province.bare_name, 16),
        Column(_("Xã, phường trụ sở"), lambda row: row.commune.name if row.commune else "", 22),
        Column(_("Địa chỉ trụ sở"), lambda row: row.address, 35),
        Column(_("Loại hình"), lambda row: str(row.get_legal_form_display()), 24),
        Column(
            _("Nơi sản xuất"),
            lambda row: "; ".join(
                site.commune.name if site.commune else site.address for site in row.sites.all()
            ),
            28,
        ),
        Column(_("Mã số thuế"), lambda row: row.shown_tax_code, 16),
        Column(_("Số lao động"), lambda row: row.employees, 10),
    ]
