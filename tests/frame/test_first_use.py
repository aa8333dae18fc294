"""The script of ``./run bench first-use``: it counts on the real pages, and both ways end handed in."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.models import User
from accounts.scope import act_as
from benchmarks.first_use import FIRST, NEXT, count_files_copied, count_files_new, measure
from programs.lifecycle import State
from programs.models import Project
from tests.journeys.portal import PASSWORD, may_sign_in


@pytest.mark.django_db(transaction=True)
def test_a_new_officers_actions_are_counted_until_both_projects_are_handed_in(
    new_context: Any, live_server: Any, thanh_hoa_centre: User
) -> None:
    may_sign_in(thanh_hoa_centre)
    page: Page = new_context(base_url=live_server.url).new_page()
    new, copied = measure(page, thanh_hoa_centre.username, PASSWORD, FIRST, NEXT)
    with act_as(thanh_hoa_centre):
        made = list(Project.objects.order_by("year").values_list("title", "year", "state", "total_vnd"))
    assert made == [(case.title, case.year, State.SUBMITTED_PROV, 600_000_000) for case in (FIRST, NEXT)]
    assert new.pages > copied.pages > 5
    assert 30 < copied.actions < new.actions < count_files_new(FIRST).actions
    assert copied.actions > count_files_copied(NEXT).fields, "the dates are typed either way"
