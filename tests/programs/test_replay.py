"""What was judged stays judged: a later law moves no verdict of a step already taken, and each of them can
be worked out again from what the step itself kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import User
from accounts.scope import act_as
from programs import tranches
from programs.errors import PlanBlocked
from programs.facts import verdicts_of
from programs.lifecycle import Source, State
from programs.models import Project, Transition
from programs.models.catalogue import SupportNorm
from tests.factories import MILLION, PAPER, advance_to, make_project, open_tranche

pytestmark = [pytest.mark.django_db, pytest.mark.owner_role]

NORM_RULES = ("norm_cap", "norm_percent")


def replayed(kept: dict[str, Any]) -> str:
    """A norm's verdict worked out again, from its own inputs and the version of the rule it names."""
    _norm, _purse, activity, since = kept["rule"].split(":")
    norm = SupportNorm.objects.get(
        purse="KCQG", activity_code=activity, valid__startswith=dt.date.fromisoformat(since)
    )
    inputs = kept["inputs"]
    if kept["code"] == "norm_cap":
        assert norm.cap_vnd == inputs["cap_vnd"]
        broken = inputs["amount_vnd"] > norm.cap_vnd * inputs["units"]
    else:
        assert norm.pct == inputs["pct"]
        broken = 100 * inputs["amount_vnd"] > norm.pct * inputs["base_vnd"]
    return "warning" if broken else "ok"


def lower_the_cap(since: dt.date, cap_vnd: int) -> None:
    """A new circular: the old version of the norm ends, a new one begins."""
    old = SupportNorm.objects.get(purse="KCQG", activity_code="N3.3", valid__contains=since)
    new = SupportNorm.objects.get(pk=old.pk)
    old.valid = DateRange(old.valid.lower, since)
    old.save()
    new.pk, new.valid, new.cap_vnd = None, DateRange(since, None), cap_vnd
    new.save()


def steps_of(project: Project) -> list[Transition]:
    return list(Transition.objects.filter(project=project).order_by("version"))


@pytest.mark.parametrize("asked", [290, 350])
def test_old_verdicts_stay_and_replay_after_the_law_changed(thanh_hoa_centre: User, asked: int) -> None:
    amounts = {Source.KCQG: asked * MILLION, Source.OWN: 400 * MILLION}
    project = make_project(thanh_hoa_centre, amounts=amounts)
    advance_to(project, State.REVIEW_PROV, drafter=thanh_hoa_centre)
    before = [(step.version, step.verdicts, step.content) for step in steps_of(project)]

    lower_the_cap(dt.date(2026, 6, 1), 250 * MILLION)

    after = steps_of(project)
    assert [(step.version, step.verdicts, step.content) for step in after] == before
    kept = [v for step in after for v in step.verdicts if v["code"] in NORM_RULES and v["severity"] != "note"]
    assert {verdict["code"] for verdict in kept} == set(NORM_RULES)
    for verdict in kept:
        assert replayed(verdict) == verdict["severity"]
        assert verdict["rule"] == "norm:KCQG:N3.3:2018-05-11"
        assert verdict["inputs"]["amount_vnd"] == asked * MILLION
    with act_as(thanh_hoa_centre):
        [today] = [v for v in verdicts_of(Project.objects.get(pk=project.pk)) if v.code == "norm_cap"]
    assert (today.rule, today.severity) == ("norm:KCQG:N3.3:2026-06-01", "warning")


def test_a_law_of_after_the_plan_years_beginning_judges_only_the_decision(
    thanh_hoa_centre: User, min_approver: User
) -> None:
    """Before the decision counts 1 January of the plan year; at the decision, its own day."""
    amounts = {Source.KCQG: 290 * MILLION, Source.OWN: 400 * MILLION}
    project = make_project(thanh_hoa_centre, year=2026, amounts=amounts, starts_on=None, ends_on=None)
    tranche = open_tranche(project)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    lower_the_cap(dt.date(2026, 6, 1), 250 * MILLION)
    with act_as(min_approver):
        [planned] = [v for v in verdicts_of(project) if v.code == "norm_cap"]
        assert (planned.severity, planned.rule) == ("ok", "norm:KCQG:N3.3:2018-05-11")
        with pytest.raises(PlanBlocked) as refused:
            tranches.decide(tranche, actor=min_approver, paper=PAPER)
    [line] = refused.value.blockers
    assert line.startswith(f"{project.code}: Theo định mức ngày 02/11/2026: ")


def test_the_steps_of_the_past_cannot_be_rewritten_even_by_the_owner(thanh_hoa_centre: User) -> None:
    project = advance_to(make_project(thanh_hoa_centre), State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    with pytest.raises(Exception, match="append_only"), connection.cursor() as cursor:
        cursor.execute("UPDATE programs_transition SET verdicts = '[]' WHERE project_id = %s", [project.pk])
