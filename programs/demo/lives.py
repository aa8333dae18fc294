"""The steps of each project's life, with who takes them and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from django.utils import timezone

from accounts.models import User
from programs.demo.offices import Offices, Staff
from programs.demo.papers import Papers
from programs.demo.wishes import Wish
from programs.lifecycle import Purse, State
from programs.models import Project, Tranche
from programs.workflow import Ask, Paper
from vietnam.workdays import add_working_days, load_calendar

S = State

NATIONAL_ROAD = ("submit", "receive", "pass", "register", "receive", "pass", "plan")
LOCAL_ROAD = ("submit", "receive", "pass", "plan")
TRANCHE_STATES = frozenset({S.APPROVED, S.ASSIGNED, S.STOPPED})
"""States reached with or after the tranche's decision."""

ENDS: dict[str, tuple[int, str]] = {
    S.DRAFT: (0, ""),
    S.SUBMITTED_PROV: (1, ""),
    S.RETURNED_PROV: (2, "return"),
    S.REVIEW_PROV: (2, ""),
    S.REJECTED_PROV: (2, "reject"),
    S.PASSED_PROV: (3, ""),
    S.REGISTERED: (4, ""),
    S.RETURNED_MIN: (4, "return"),
    S.REVIEW_MIN: (5, ""),
    S.REJECTED_MIN: (5, "reject"),
    S.PASSED_MIN: (6, ""),
    S.WITHDRAWN: (3, "withdraw"),
}
"""How many steps of the road lead to a state, and the step that then leaves the road."""

DAYS: dict[str, tuple[int, int]] = {
    "submit": (10, 20),
    "receive": (2, 5),
    "pass": (6, 12),
    "register": (3, 7),
    "plan": (12, 25),
    "return": (3, 6),
    "reject": (6, 12),
    "withdraw": (5, 15),
    "record_appraisal": (15, 25),
}
"""Days between a step and the one before it."""

AT_THE_CUC = {"receive": (10, 20), "pass": (25, 45)}

RETURNS = (
    "Bổ sung báo giá của ít nhất 03 đơn vị cung cấp và thông số kỹ thuật của thiết bị.",
    "Cam kết vốn đối ứng chưa có xác nhận số dư hoặc hợp đồng tín dụng; đề nghị bổ sung.",
    "Dự toán chưa tách phần nhà xưởng ra khỏi chi phí được hỗ trợ; đề nghị lập lại Mẫu 1.",
    "Thuyết minh chưa nêu tính vượt trội so với thiết bị đang dùng; đề nghị viết lại phần 4.",
    "Địa điểm thực hiện chưa ghi theo đơn vị hành chính mới; đề nghị đính chính.",
)
REJECTIONS = (
    "Thiết bị đề nghị là thiết bị đã qua sử dụng, không đáp ứng điều kiện máy mới.",
    "Cơ sở đã được hỗ trợ nội dung tương tự bằng nguồn vốn khác.",
    "Hiệu quả kinh tế chưa rõ, năng lực tài chính của cơ sở không bảo đảm vốn đối ứng.",
)
FAILED = [{"criterion": "need", "grade": "FAIL"}]
WITHDRAWAL = "Cơ sở thay đổi kế hoạch đầu tư, xin rút đề án."
STOP = "Cơ sở không bố trí được vốn đối ứng, đề nghị ngừng triển khai."


@dataclass(slots=True)
class Stop:
    """One step on a project's road."""

    action: str
    at: dt.datetime
    actor: User
    note: str = ""
    paper: Paper = field(default_factory=Paper)


@dataclass(slots=True)
class Life:
    """A wish with its begin, its road and, once drafted, its project."""

    wish: Wish
    begun: dt.datetime
    drafter: User
    stops: list[Stop]
    project: Project | None = None

    def ask(self, number: int, tranche: Tranche | None) -> Ask | None:
        """The step at this place of the road, as the workflow wants it asked."""
        if self.project is None or number >= len(self.stops):
            return None
        stop = self.stops[number]
        chosen = tranche if stop.action == "plan" else None
        data = {"criteria": FAILED} if stop.action == "reject" else {}
        return Ask(stop.action, self.project, stop.actor, stop.note, data, stop.paper, None, chosen, stop.at)


def actions_of(wish: Wish) -> list[str]:
    """The road this wish takes before any decision on its tranche."""
    road = NATIONAL_ROAD if wish.purse == Purse.KCQG else LOCAL_ROAD
    if wish.region:
        road = ("submit", *NATIONAL_ROAD[4:])
    elif wish.on_paper:
        road = ("record_appraisal", *road[3:])
    if wish.end in TRANCHE_STATES or wish.end == S.IN_PLAN:
        steps = list(road)
    else:
        count, leaving = ENDS[wish.end]
        skipped = 3 if wish.region else 2 if wish.on_paper else 0
        steps = [*road[: max(0, count - skipped)], *([leaving] if leaving else [])]
    if wish.returned_once:
        steps[1:1] = ["return", "submit"]
    return steps


class Planner:
    """Turns wishes into lives."""

    def __init__(self, random: Random, offices: Offices, papers: Papers, today: dt.date) -> None:
        self.random, self.offices, self.papers, self.today = random, offices, papers, today
        self.calendar = load_calendar()

    def life(self, wish: Wish) -> Life:
        actions = actions_of(wish)
        national = self._national_from(wish, actions)
        gaps = [self._gap(action, number >= national) for number, action in enumerate(actions)]
        begun, *days = self._days(wish, gaps)
        staff = None if wish.region else self.offices.staff(wish.unit)
        drafter = staff.drafter if staff else self.offices.user(f"ttkc.vung{wish.region}")
        stops: list[Stop] = []
        for number, (action, day) in enumerate(zip(actions, days, strict=True)):
            actor = self._actor(action, staff, drafter, number >= national)
            at = _moment(day, self.random)
            if stops:
                at = max(at, stops[-1].at + dt.timedelta(minutes=95))
            stops.append(self._stop(action, at, actor, wish))
        return Life(wish, _moment(begun, self.random) - dt.timedelta(hours=1), drafter, stops)

    def _national_from(self, wish: Wish, actions: list[str]) -> int:
        """The place on the road from which the Cục acts."""
        if wish.purse == Purse.KCDP:
            return len(actions)
        if wish.region:
            return 1
        return actions.index("register") + 1 if "register" in actions else len(actions)

    def _gap(self, action: str, national: bool) -> int:
        low, high = (AT_THE_CUC if national else DAYS).get(action) or DAYS[action]
        return self.random.randint(low, high)

    def _days(self, wish: Wish, gaps: list[int]) -> list[dt.date]:
        """Begin and steps: counted back from the last step's age, else on from the season of planning."""
        if wish.age is not None:
            day = add_working_days(self.today, -wish.age, self.calendar)
            days = [day]
            for gap in reversed(gaps):
                day -= dt.timedelta(days=gap)
                days.insert(0, day)
            return [_working_day(each, -1) for each in days]
        month = 4 if wish.purse == Purse.KCQG else 8
        day = dt.date(wish.year - 1, month, 1) + dt.timedelta(days=self.random.randint(0, 12))
        if wish.unit.valid.lower:
            day = max(day, wish.unit.valid.lower + dt.timedelta(days=self.random.randint(5, 15)))
        days = [day]
        for gap in gaps:
            day += dt.timedelta(days=gap)
            days.append(day)
        return [_working_day(each, 1) for each in days]

    def _actor(self, action: str, staff: Staff | None, drafter: User, national: bool) -> User:
        if action in {"submit", "withdraw"}:
            return drafter
        leads = action in {"pass", "reject"}
        if national or staff is None:
            return self.offices.user("cuc.lanhdao" if leads else "cuc.chuyenvien")
        return staff.leader if leads else staff.officer

    def _stop(self, action: str, at: dt.datetime, actor: User, wish: Wish) -> Stop:
        notes = {"return": RETURNS, "reject": REJECTIONS, "withdraw": (WITHDRAWAL,)}
        note = wish.note if action in notes and wish.note else ""
        if action in notes and not note:
            note = self.random.choice(notes[action])
        paper = Paper()
        if action in {"pass", "reject", "record_appraisal"}:
            number = f"{self.random.randint(10, 990)}-TN/PTĐ"
            signed = timezone.localdate(at)
            paper = Paper(number, signed, actor.full_name, self.papers.file("APPRAISAL"))
        return Stop(action, at, actor, note, paper)


def _working_day(day: dt.date, direction: int) -> dt.date:
    while day.weekday() > 4:
        day += dt.timedelta(days=direction)
    return day


def _moment(day: dt.date, random: Random) -> dt.datetime:
    """Some minute of a day's office hours."""
    time = dt.time(random.randint(8, 16), random.randint(0, 59))
    return timezone.make_aware(dt.datetime.combine(day, time))


def by_year(lives: list[Life]) -> Iterator[list[Life]]:
    """The lives of one plan year after the other, so that each year knows only what came before it."""
    for year in sorted({life.wish.year for life in lives}):
        yield [life for life in lives if life.wish.year == year]
