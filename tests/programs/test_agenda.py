"""One's own days to come: on the page, in a calendar program, and as a reminder."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from accounts.models import User
from accounts.scope import act_as
from programs import reminders
from programs.agenda import agenda_of, as_calendar, reader_of, renew_feed
from programs.lifecycle import Purse, State
from programs.models import Gate
from programs.windows import Dates, set_window
from records import outbox
from records.models import InboxItem
from tests.cast import province
from tests.factories import advance_to, make_project
from tests.pages import signed_in

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 5)


@pytest.fixture(autouse=True)
def stand_still() -> object:
    with time_machine.travel(dt.datetime(2026, 6, 5, 3, tzinfo=dt.UTC), tick=False) as still:
        yield still


def test_the_agenda_holds_what_waits_for_this_person_and_windows_that_close(
    thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User, nghe_an_officer: User
) -> None:
    project = make_project(thanh_hoa_centre, title="Máy dệt thử, chiếu cói; Nga Sơn")
    advance_to(project, State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    with act_as(thanh_hoa_leader):
        set_window(
            Gate.SO, Purse.KCQG, 2028, province("Thanh Hóa"), Dates(TODAY, dt.date(2026, 7, 1)),
            actor=thanh_hoa_leader, seen_number=0,
        )  # fmt: skip
    with act_as(thanh_hoa_officer):
        entries = agenda_of(thanh_hoa_officer, TODAY)
    assert [(entry.day, entry.title) for entry in entries] == [
        (dt.date(2026, 6, 19), f"Hạn: {project.code}"),
        (dt.date(2026, 7, 1), "Hết đợt đăng ký: Đơn vị nộp Sở Công Thương, Khuyến công quốc gia 2028"),
    ]
    with act_as(nghe_an_officer):
        assert agenda_of(nghe_an_officer, TODAY) == []
    [event, _window] = Calendar.from_ical(as_calendar(entries)).walk("VEVENT")
    assert event["SUMMARY"] == f"Hạn: {project.code}"
    assert event.decoded("DTSTART") == dt.date(2026, 6, 19)
    assert "Máy dệt thử, chiếu cói; Nga Sơn" in str(event["DESCRIPTION"])


def test_the_feed_opens_without_signing_in_until_it_is_renewed_dropped_or_the_account_closed(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = make_project(thanh_hoa_centre)
    advance_to(project, State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    with act_as(thanh_hoa_officer):
        old = renew_feed(thanh_hoa_officer)
        secret = renew_feed(thanh_hoa_officer)
    stranger = Client()
    answer = stranger.get(f"/lich/{secret}.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert project.code in answer.text
    assert stranger.get(f"/lich/{old}.ics").status_code == 404
    thanh_hoa_officer.is_active = False
    thanh_hoa_officer.save()
    assert stranger.get(f"/lich/{secret}.ics").status_code == 404
    assert reader_of("") is None


def test_the_address_is_shown_once_and_works(thanh_hoa_officer: User) -> None:
    client = signed_in(thanh_hoa_officer)
    shown = client.post("/lich/dia-chi/", follow=True).text
    address = shown.split('id="feed-url" type="url" readonly value="')[1].split('"')[0]
    assert Client().get("/lich/" + address.split("/lich/")[1]).status_code == 200
    assert "feed-url" not in client.get("/lich/").text
    client.post("/lich/dia-chi/bo/")
    assert Client().get("/lich/" + address.split("/lich/")[1]).status_code == 404


def test_three_working_days_before_the_end_one_notice_comes(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = make_project(thanh_hoa_centre)
    advance_to(project, State.SUBMITTED_PROV, drafter=thanh_hoa_centre)  # until 19 June
    for day, expected in ((15, 0), (16, 1), (16, 1), (17, 1)):
        with time_machine.travel(dt.datetime(2026, 6, day, 3, tzinfo=dt.UTC), tick=False):
            reminders.post_due()
            outbox.dispatch()
        with act_as(thanh_hoa_officer):
            told = list(InboxItem.objects.filter(user=thanh_hoa_officer, kind="work.due_soon"))
        assert len(told) == expected
    assert told[0].title == "1 hồ sơ còn 3 ngày làm việc"
    assert project.code in told[0].body


def test_nobody_is_reminded_on_a_day_off() -> None:
    with time_machine.travel(dt.datetime(2026, 6, 6, 3, tzinfo=dt.UTC), tick=False):
        assert reminders.post_due() == 0
