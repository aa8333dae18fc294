"""Two offices that keep registers of numbers and have seals: what was received last has its number."""

from __future__ import annotations

import datetime as dt

from accounts.models import Membership, Organisation, PaperKind, RegisterKind, SealKind, User
from accounts.numbering import open_register
from accounts.offices import HEAD, Time, set_head
from accounts.scope import act_as
from accounts.seals import record_seal
from programs.demo.offices import Offices
from programs.lifecycle import State
from programs.models import Project
from programs.numbering import number_paper

KEEPERS = (
    ("quantri", "so.thanhhoa", "SCT", "Ủy ban nhân dân tỉnh Thanh Hóa", 118, State.REVIEW_PROV),
    ("cuc.quantri", "cuc.chuyenvien", "ĐCK", "Bộ Công Thương", 1, State.REVIEW_MIN),
)
"""Who keeps them, who draws, letters, the body above, the first number, what is numbered."""
MOST = 6


def keep_registers(offices: Offices, today: dt.date) -> None:
    for keeper, drawer, letters, above, begins_at, state in KEEPERS:
        officer = offices.user(drawer)
        office = Membership.objects.on(today).select_related("organisation").get(user=officer).organisation
        _open(office, offices.user(keeper), letters, above, begins_at, today)
        with act_as(officer):
            waiting = Project.objects.visible_to(officer).filter(state=state)
            for project in waiting.order_by("code")[:MOST]:
                number_paper(project, PaperKind.RECEIPT, actor=officer)


def _open(
    office: Organisation, keeper: User, letters: str, above: str, begins_at: int, today: dt.date
) -> None:
    with act_as(keeper):
        head = {name: getattr(office, name) for name in HEAD}
        set_head(office, head | {"head_symbol": letters, "head_parent": above}, actor=keeper)
        for kind in RegisterKind:
            first = begins_at if kind == RegisterKind.RECEPTION else 1
            open_register(office, kind=kind, year=today.year, begins_at=first, actor=keeper)
        for seal, number in ((SealKind.STAMP, "DEMO-01"), (SealKind.SIGNATURE, "DEMO-CTS-01")):
            source = "Văn bản giả định của bản trình diễn"
            record_seal(
                office, kind=seal, number=number, source=source, time=Time(dt.date(2025, 7, 1)), actor=keeper
            )
