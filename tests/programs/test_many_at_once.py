"""Many dossiers in one go: all or none, and the number of readings does not grow with them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.scope import act_as
from programs.drafting import NewDraft, create_drafts
from programs.errors import IllegalMove
from programs.lifecycle import Purse, State
from programs.models import Project
from programs.workflow import Ask, take_all
from records import audit, context
from records.context import whole_country
from records.models import OutboxMessage
from tests.factories import make_project, take, values

pytestmark = pytest.mark.django_db


def test_one_refused_step_keeps_every_project_where_it_was(thanh_hoa_centre: User) -> None:
    ready, submitted = make_project(thanh_hoa_centre), make_project(thanh_hoa_centre)
    take("submit", submitted, thanh_hoa_centre)
    with act_as(thanh_hoa_centre), pytest.raises(IllegalMove):
        take_all([Ask("submit", project, thanh_hoa_centre) for project in (ready, submitted)])
    with act_as(thanh_hoa_centre):
        ready.refresh_from_db()
        assert ready.state == State.DRAFT
        assert not ready.transitions.exists()


def test_four_projects_cost_as_many_statements_as_two(thanh_hoa_centre: User) -> None:
    made = [make_project(thanh_hoa_centre) for _number in range(6)]

    def cost(projects: list[Project]) -> int:
        with act_as(thanh_hoa_centre), CaptureQueriesContext(connection) as queries:
            take_all([Ask("submit", project, thanh_hoa_centre) for project in projects])
        return len(queries)

    assert cost(made[:2]) == cost(made[2:])


def test_a_step_carried_over_keeps_its_own_day_and_is_no_news(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre, year=2022)
    long_ago = timezone.now() - dt.timedelta(days=1700)
    with act_as(thanh_hoa_centre):
        [step] = take_all([Ask("submit", project, thanh_hoa_centre, at=long_ago)])
        project.refresh_from_db()
    assert step.recorded_at == project.state_since == long_ago
    assert step.effective_on == timezone.localdate(long_ago)
    make_project_of_today = make_project(thanh_hoa_centre)
    take("submit", make_project_of_today, thanh_hoa_centre)
    with whole_country():
        told = OutboxMessage.objects.filter(topic="project.moved").values_list("payload__project", flat=True)
        assert list(told) == [make_project_of_today.pk]


def test_drafts_made_together_are_whole(thanh_hoa_centre: User) -> None:
    with act_as(thanh_hoa_centre):
        made = create_drafts([NewDraft(values(), thanh_hoa_centre, Purse.KCQG, 2027) for _number in range(3)])
        assert len({project.code for project in made}) == 3
        for project in made:
            assert (project.kcqg_vnd, project.total_vnd) == (250_000_000, 600_000_000)
            assert project.participations.get().duty == "DRAFT"
            assert project.beneficiaries.count() == project.lines.count() == 1


def test_entries_written_together_make_one_unbroken_chain(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        audit.record_all(
            audit.Entry("programs.tested", project, thanh_hoa_centre, after={"number": number})
            for number in range(5)
        )
    with context.whole_country():
        assert audit.verify("programs.project") == []
