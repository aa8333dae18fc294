"""One browser a person, cut off from other sites and watched for complaints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from accounts.models import User
from programs.lifecycle import State
from tests.browser import cut_off
from tests.factories import advance_to, make_project, open_tranche
from tests.journeys.portal import DESK, PATIENCE_MS, Watch, may_sign_in, sign_in

Seat = Callable[..., Page]
FreshPage = Callable[..., Page]
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def watch(third_party_requests: list[str]) -> Iterator[Watch]:
    """Everything the browsers of a test complained about; at its end there must be nothing."""
    watching = Watch()
    yield watching
    assert watching.complaints == []
    assert third_party_requests == []


@pytest.fixture
def fresh_page(
    new_context: Any, live_server: Any, watch: Watch, third_party_requests: list[str]
) -> FreshPage:
    """A page in a browser of its own that nobody has used before; takes Playwright's context options."""

    def open_page(size: ViewportSize = DESK, **options: Any) -> Page:
        context = new_context(**{"base_url": live_server.url} | options)
        cut_off(context, third_party_requests)
        watch.over(context)
        page: Page = context.new_page()
        page.set_viewport_size(size)
        return page

    return open_page


@pytest.fixture
def seat(fresh_page: FreshPage) -> Seat:
    """This person's own browser, signed in with the password."""

    def sit_down(user: User, then: str = "/", **options: Any) -> Page:
        may_sign_in(user)
        page = fresh_page(**options)
        sign_in(page, user, then)
        return page

    return sit_down


@pytest.fixture
def national_tranche(thanh_hoa_centre: User) -> str:
    """Address of an open tranche of national money; the Cục has one more project to receive for it."""
    project = make_project(thanh_hoa_centre)
    advance_to(project, State.REGISTERED, drafter=thanh_hoa_centre)
    return f"/dot/{open_tranche(project).uuid}/"
