"""What can go wrong with a project, each with a sentence an officer can act on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vietnam.money import format_vnd

if TYPE_CHECKING:
    from programs.checks import Verdict


class ProgramError(Exception):
    """A refusal by the rules of the programme; ``code`` is for machines, ``str()`` for people."""

    code = "refused"


class IllegalMove(ProgramError):
    code = "illegal_move"


class StaleVersion(ProgramError):
    """Somebody else changed the thing since it was read."""

    code = "stale_version"
    sentence = gettext_lazy("Đề án vừa được người khác thay đổi. Hãy xem bản mới rồi thực hiện lại.")

    def __init__(self, current: int) -> None:
        super().__init__(str(self.sentence))
        self.current = current


class StaleCeiling(StaleVersion):
    """Another leader set this ceiling since it was read; ``current`` is its amount now, VND."""

    def __init__(self, current: int) -> None:
        super().__init__(current)
        now = _("Trần vừa được người khác đổi, nay là %(amount)s đồng. Hãy xem lại rồi ghi lần nữa.")
        self.args = (now % {"amount": format_vnd(current)},)


class StaleTranche(StaleVersion):
    sentence = gettext_lazy("Đợt vừa được người khác thay đổi. Hãy xem bản mới rồi thực hiện lại.")


class StaleWindow(StaleVersion):
    sentence = gettext_lazy("Đợt đăng ký vừa được người khác thay đổi. Hãy xem bản mới rồi ghi lại.")


class WindowClosed(ProgramError):
    """The receiving office does not take dossiers in on this day."""

    code = "window_closed"


class NotEditable(ProgramError):
    code = "not_editable"


class MissingDetail(ProgramError):
    """A step lacks something it needs: a reason, a decision number. ``field`` names it."""

    code = "missing_detail"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Incomplete(ProgramError):
    """The dossier breaks rules that block this step."""

    code = "incomplete"

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        told = ngettext(
            "Hồ sơ còn %(count)d điểm phải sửa trước khi chuyển bước.",
            "Hồ sơ còn %(count)d điểm phải sửa trước khi chuyển bước.",
            len(verdicts),
        )
        super().__init__(told % {"count": len(verdicts)})
        self.verdicts = list(verdicts)


class PlanBlocked(ProgramError):
    """A tranche cannot be decided; every blocker is listed, nothing has changed."""

    code = "plan_blocked"

    def __init__(self, blockers: Sequence[str]) -> None:
        told = ngettext(
            "Chưa thể ghi quyết định: còn %(count)d vướng mắc.",
            "Chưa thể ghi quyết định: còn %(count)d vướng mắc.",
            len(blockers),
        )
        super().__init__(told % {"count": len(blockers)})
        self.blockers = list(blockers)


class OverCeiling(ProgramError):
    code = "over_ceiling"


class RuleConflict(ProgramError):
    """The law has moved since a new version was proposed, or the database refuses the version."""

    code = "rule_conflict"


class CarryConflict(ProgramError):
    """A project under way cannot be taken over as entered: it is there already, or its plan has no room."""

    code = "carry_conflict"


class MoneyConflict(ProgramError):
    """The money has moved since the page was read, or the database refuses what would pass a limit."""

    code = "money_conflict"
