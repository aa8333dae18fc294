"""The stepper of a project's page: a few words for many states."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.lifecycle import Purse
from programs.lifecycle import State as S

STAGES: dict[str, tuple[tuple[str | Promise, frozenset[S]], ...]] = {
    Purse.KCQG: (
        (_("Lập đề án"), frozenset({S.DRAFT})),
        (_("Sở thẩm định"), frozenset({S.SUBMITTED_PROV, S.RETURNED_PROV, S.REVIEW_PROV, S.REJECTED_PROV})),
        (_("Đăng ký với Cục"), frozenset({S.PASSED_PROV, S.REGISTERED})),
        (_("Cục thẩm định"), frozenset({S.RETURNED_MIN, S.REVIEW_MIN, S.REJECTED_MIN})),
        (_("Trình Bộ phê duyệt"), frozenset({S.PASSED_MIN, S.IN_PLAN})),
        (_("Giao kế hoạch"), frozenset({S.APPROVED, S.ASSIGNED})),
        (_("Thực hiện"), frozenset({S.CONTRACTED})),
    ),
    Purse.KCDP: (
        (_("Lập đề án"), frozenset({S.DRAFT})),
        (_("Sở thẩm định"), frozenset({S.SUBMITTED_PROV, S.RETURNED_PROV, S.REVIEW_PROV, S.REJECTED_PROV})),
        (_("Trình UBND tỉnh"), frozenset({S.PASSED_PROV, S.IN_PLAN})),
        (_("Phê duyệt"), frozenset({S.APPROVED})),
        (_("Thực hiện"), frozenset({S.CONTRACTED})),
    ),
}
