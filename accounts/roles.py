"""Roles of the programme and what part of the country each one sees.

Căn cứ: the parties named by Decree 45/2012/NĐ-CP and Circular 36/2013/TT-BCT.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    IMPL = "IMPL", _("Đơn vị thực hiện")
    SO_OFFICER = "SO_OFFICER", _("Chuyên viên Sở Công Thương")
    SO_LEADER = "SO_LEADER", _("Lãnh đạo Sở Công Thương")
    UBND_VIEW = "UBND_VIEW", _("Ủy ban nhân dân tỉnh")
    REGION = "REGION", _("Trung tâm Khuyến công vùng")
    CUC_OFFICER = "CUC_OFFICER", _("Chuyên viên Cục")
    CUC_LEADER = "CUC_LEADER", _("Lãnh đạo Cục")
    MIN_APPROVER = "MIN_APPROVER", _("Lãnh đạo Bộ")
    FIN = "FIN", _("Vụ Kế hoạch, Tài chính")
    AUDITOR = "AUDITOR", _("Thanh tra, kiểm toán")
    API_CLIENT = "API_CLIENT", _("Hệ thống đối tác")
    OFFICE_ADMIN = "OFFICE_ADMIN", _("Quản trị người dùng của cơ quan")
    ADMIN = "ADMIN", _("Quản trị hệ thống")


NATIONAL_ROLES = frozenset({Role.CUC_OFFICER, Role.CUC_LEADER, Role.MIN_APPROVER, Role.FIN, Role.AUDITOR})
"""Roles whose reading scope is the whole country."""

PROVINCIAL_ROLES = frozenset({Role.SO_OFFICER, Role.SO_LEADER, Role.UBND_VIEW})
"""Roles that see every record of their own province and of its predecessors."""

OWN_WORK_ROLES = frozenset({Role.IMPL, Role.REGION})
"""Roles that see the projects their own office carries out."""

DESK_ROLES = frozenset({Role.ADMIN, Role.OFFICE_ADMIN})
"""Roles for accounts alone: they see no project, plan or register."""

LENDABLE_ROLES = frozenset({Role.SO_LEADER, Role.UBND_VIEW, Role.CUC_LEADER, Role.MIN_APPROVER})
"""Posts that sign; their authority may be lent for a time ("KT.", "TL.", "Q.")."""
