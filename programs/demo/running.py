"""Lets the demonstration's projects live: every step through the product's own verbs, a year at a time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping

from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from programs import tranches
from programs.demo.dossier import Writer
from programs.demo.lives import STOP, TRANCHE_STATES, Life, by_year
from programs.demo.offices import Offices
from programs.demo.papers import Papers
from programs.demo.wishes import MILLION
from programs.drafting import DraftValues, NewDraft, create_drafts, save_draft
from programs.facts import Laws
from programs.lifecycle import Purse, State
from programs.models import Project, Tranche, YearPlan
from programs.workflow import Ask, Paper, take_all

BATCH = 100
SIGNER = "Người Ký Thử"
Key = tuple[int, int]
"""A plan's id and a tranche's number in it."""


class Runner:
    """Drafts, moves and decides, each year after the one before it."""

    def __init__(self, offices: Offices, writer: Writer, papers: Papers, today: dt.date) -> None:
        self.offices, self.writer, self.papers, self.today = offices, writer, papers, today
        self.laws = Laws()
        self._tranches: dict[Key, Tranche] = {}
        self._decisions = 0

    def run(self, lives: list[Life], news: Mapping[int, Callable[[], None]]) -> None:
        """Year by year; ``news`` is what happens in the world before a plan year begins."""
        for year in by_year(lives):
            if happening := news.get(year[0].wish.year):
                happening()
            self._draft(year)
            for number in range(max(len(life.stops) for life in year)):
                self._wave(year, number)
            self._decide(year)

    def _draft(self, lives: list[Life]) -> None:
        begun = create_drafts([self._new(life) for life in lives])
        for life, project in zip(lives, begun, strict=True):
            life.project = project

    def _new(self, life: Life) -> NewDraft:
        wish = life.wish
        owner = None if wish.region else self.offices.staff(wish.unit).centre
        return NewDraft(self.writer.values(wish), life.drafter, wish.purse, wish.year, owner, life.begun)

    def _wave(self, lives: list[Life], number: int) -> None:
        """The same place of every road at once."""
        asks = []
        for life in lives:
            if 0 < number < len(life.stops) and life.stops[number].action == "submit":
                self._correct(life)
            planned = number < len(life.stops) and life.stops[number].action == "plan"
            ask = life.ask(number, self._tranche(life) if planned else None)
            if ask is not None:
                asks.append(ask)
        for start in range(0, len(asks), BATCH):
            take_all(asks[start : start + BATCH], self.laws)

    def _correct(self, life: Life) -> None:
        """What was asked for on return: a better text, and a little less support."""
        assert life.project is not None
        life.wish.support_vnd -= 5 * MILLION
        text = "Thiết bị mới 100%, có chứng nhận xuất xưởng; công suất gấp đôi thiết bị đang dùng."
        values = DraftValues(fields={"scale": text}, lines=self.writer.lines(life.wish))
        save_draft(life.project, values, actor=life.drafter)

    def _tranche(self, life: Life) -> Tranche:
        """The tranche this wish belongs to, opened with those before it when first asked for."""
        assert life.project is not None
        plan = life.project.plan
        for number in range(1, life.wish.tranche + 1):
            if (plan.pk, number) not in self._tranches:
                self._tranches[plan.pk, number] = tranches.open_tranche(plan, actor=self._composer(life))
        return self._tranches[plan.pk, life.wish.tranche]

    def _composer(self, life: Life) -> User:
        if life.wish.purse == Purse.KCQG:
            return self.offices.user("cuc.lanhdao")
        return self.offices.staff(life.wish.unit).leader

    def _decide(self, lives: list[Life]) -> None:
        planned: dict[int, list[Life]] = defaultdict(list)
        for life in lives:
            if life.project and life.stops and life.stops[-1].action == "plan":
                planned[life.project.plan_id].append(life)
        for members in planned.values():
            self._set_ceiling(members)
            for number in sorted({life.wish.tranche for life in members}):
                self._decide_tranche([life for life in members if life.wish.tranche == number])
        self._stop([life for members in planned.values() for life in members])

    def _set_ceiling(self, members: list[Life]) -> None:
        """A ceiling a little above what the plan holds; of an open plan so little that choosing matters."""
        plan = _plan(members[0])
        column = f"{plan.purse.lower()}_vnd"
        in_plan = Project.objects.filter(plan=plan, state=State.IN_PLAN)
        held = in_plan.aggregate(sum=Sum(column))["sum"] or 0
        open_plan = all(life.wish.end == State.IN_PLAN for life in members)
        amount = -(-held * (103 if open_plan else 108) // 100 // (50 * MILLION)) * 50 * MILLION
        document = f"{plan.year % 100}{plan.pk % 90 + 10}-TN/GDT"
        tranches.set_ceiling(
            plan, plan.purse, amount, actor=self._composer(members[0]), document_number=document
        )

    def _decide_tranche(self, members: list[Life]) -> None:
        ends = {life.wish.end for life in members}
        if not ends & TRANCHE_STATES:
            return
        wish = members[0].wish
        national = wish.purse == Purse.KCQG
        decided = self._decision_day(members)
        actor = self.offices.user("bo.lanhdao") if national else self.offices.staff(wish.unit).chair
        paper = self._paper("QĐ-BCT" if national else "QĐ-UBND", decided, "DECISION")
        tranche = self._tranche(members[0])
        tranches.decide(tranche, actor=actor, paper=paper, at=_noon(decided), laws=self.laws)
        if national and ends != {State.APPROVED}:
            day = decided + dt.timedelta(days=12)
            notice = self._paper("ĐCK-KC", day, "NOTICE")
            clerk = self.offices.user("cuc.chuyenvien")
            tranches.assign(tranche, actor=clerk, paper=notice, at=_noon(day), laws=self.laws)

    def _decision_day(self, members: list[Life]) -> dt.date:
        """In the tranche's season, after the last project came into it, and not after today."""
        wish = members[0].wish
        month = {1: 2, 2: 7, 3: 11}[wish.tranche] if wish.purse == Purse.KCQG else {1: 1, 2: 6}[wish.tranche]
        last = max(timezone.localdate(life.stops[-1].at) for life in members)
        day = max(dt.date(wish.year, month, 5), last + dt.timedelta(days=9))
        return min(day, self.today - dt.timedelta(days=14))

    def _stop(self, lives: list[Life]) -> None:
        asks = []
        for life in lives:
            if life.wish.end != State.STOPPED or life.project is None:
                continue
            national = life.wish.purse == Purse.KCQG
            actor = self.offices.user("bo.lanhdao") if national else self.offices.staff(life.wish.unit).chair
            day = min(dt.date(life.wish.year, 9, 10), self.today - dt.timedelta(days=1))
            paper = self._paper("QĐ-BCT" if national else "QĐ-UBND", day, "STOP")
            asks.append(Ask("stop", life.project, actor, STOP, paper=paper, at=_noon(day)))
        if asks:
            take_all(asks, self.laws)

    def _paper(self, letters: str, day: dt.date, code: str) -> Paper:
        self._decisions += 1
        return Paper(f"{self._decisions:03d}-TN/{letters}", day, SIGNER, self.papers.file(code))


def _plan(life: Life) -> YearPlan:
    assert life.project is not None
    return life.project.plan


def _noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(11, 0)))
