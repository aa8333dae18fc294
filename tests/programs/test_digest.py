"""The daily e-mail: one a person and working day, only when there is something, only what they may see."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.core import mail as letters

from accounts.models import Membership, User
from accounts.scope import act_as
from programs import digest, tasks
from programs.models import Project
from records import inbox, mail, outbox
from records.context import whole_country
from records.models import OutboxMessage
from tests.factories import make_project, take
from tests.records.conftest import at_once
from vietnam.models import CalendarDay, CalendarDayKind, days_of_year

MORNING = dt.datetime(2027, 3, 3, 0, 30, tzinfo=dt.UTC)  # a Wednesday, 07:30 in Hà Nội
DAY = dt.date(2027, 3, 3)


@pytest.fixture(autouse=True)
def morning() -> Any:
    with time_machine.travel(MORNING, tick=True) as clock:
        yield clock


@pytest.fixture(autouse=True)
def no_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.doorbell.ring", lambda *_: None)


def deliver() -> list[Any]:
    tasks.post_digests()
    outbox.dispatch(mail=True)
    return letters.outbox


def due(project: Project, day: dt.date | None) -> None:
    with whole_country():
        Project.objects.filter(pk=project.pk).update(due_on=day)


def tell(user: User, title: str, url: str = "", kind: str = "remark.made") -> None:
    """A notice of the evening before."""
    with time_machine.travel(MORNING - dt.timedelta(hours=12)), whole_country():
        inbox.notify([user], kind, title, "Nội dung chỉ có trong cổng.", url)


@pytest.mark.django_db
def test_the_letter_names_what_waits_overdue_first_and_what_is_new(thanh_hoa_centre: User) -> None:
    calm, soon, late = (make_project(thanh_hoa_centre) for _ in range(3))
    due(calm, None)
    due(soon, DAY + dt.timedelta(days=2))
    due(late, DAY - dt.timedelta(days=4))
    tell(thanh_hoa_centre, "Có người nhắc đến bạn")
    (letter,) = deliver()
    assert letter.to == ["th.centre@example.invalid"]
    assert letter.subject == "Khuyến Công: 3 việc chờ bạn, 1 việc quá hạn"
    order = [letter.body.index(project.code) for project in (late, soon, calm)]
    assert order == sorted(order)
    assert "quá hạn 4 ngày (hạn 27/02/2027)" in letter.body
    assert "còn 2 ngày (hạn 05/03/2027)" in letter.body
    assert "Có người nhắc đến bạn" in letter.body
    assert "Nội dung chỉ có trong cổng" not in letter.body
    assert f"http://127.0.0.1:8000/de-an/{late.code}/" in letter.body
    assert "/tai-khoan/" in letter.body


@pytest.mark.django_db
def test_the_letter_is_in_its_readers_language(thanh_hoa_centre: User) -> None:
    User.objects.filter(pk=thanh_hoa_centre.pk).update(language="en")
    due(make_project(thanh_hoa_centre), DAY)
    (letter,) = deliver()
    assert letter.subject == "Khuyến Công: 1 task waiting for you"
    assert "due today (03/03/2027)" in letter.body


@pytest.mark.django_db
def test_nobody_is_written_to_about_nothing(thanh_hoa_centre: User, thanh_hoa_officer: User) -> None:
    make_project(thanh_hoa_centre)
    assert [letter.to for letter in deliver()] == [["th.centre@example.invalid"]]


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_nothing_goes_to_a_closed_account_or_one_without_an_address(
    thanh_hoa_centre: User, change: dict[str, Any]
) -> None:
    make_project(thanh_hoa_centre)
    User.objects.filter(pk=thanh_hoa_centre.pk).update(**change)
    assert deliver() == []


@pytest.mark.django_db
def test_what_a_person_does_not_want_in_the_letter_is_not_in_it(thanh_hoa_centre: User) -> None:
    make_project(thanh_hoa_centre)
    tell(thanh_hoa_centre, "Có người nhắc đến bạn")
    with act_as(thanh_hoa_centre):
        inbox.choose(thanh_hoa_centre, bell=[], digest=["remark.made"], mail=[])
    (letter,) = deliver()
    assert letter.subject == "Khuyến Công: 1 tin mới"
    assert "VIỆC CHỜ BẠN" not in letter.body


@pytest.mark.django_db
def test_what_was_opened_in_the_portal_is_new_no_longer(thanh_hoa_centre: User) -> None:
    tell(thanh_hoa_centre, "Có người nhắc đến bạn")
    with act_as(thanh_hoa_centre):
        inbox.mark_read(thanh_hoa_centre)
    assert deliver() == []


@pytest.mark.django_db
def test_a_notice_of_a_project_that_left_ones_scope_is_not_told(
    thanh_hoa_centre: User, nghe_an_centre: User
) -> None:
    own, foreign = make_project(thanh_hoa_centre), make_project(nghe_an_centre)
    for project in (own, foreign):
        tell(thanh_hoa_centre, f"{project.code}: Đã phê duyệt", f"/de-an/{project.code}/")
    (letter, _theirs) = sorted(deliver(), key=lambda each: each.to[0] != "th.centre@example.invalid")
    assert f"{own.code}: Đã phê duyệt" in letter.body
    assert foreign.code not in letter.body


@pytest.mark.django_db
def test_whoever_lost_the_post_before_the_sending_reads_nothing(
    thanh_hoa_officer: User, thanh_hoa_centre: User
) -> None:
    take("submit", make_project(thanh_hoa_centre), thanh_hoa_centre)
    tasks.post_digests()
    Membership.objects.filter(user=thanh_hoa_officer).update(valid=(dt.date(2020, 1, 1), DAY))
    outbox.dispatch(mail=True)
    assert letters.outbox == []


def test_a_bare_personal_number_never_lies_in_a_mailbox() -> None:
    mail.send("ai.do@example.invalid", "Hộ 079203001345", "Chủ hộ 079203001345.", uuid.uuid4())
    (letter,) = letters.outbox
    assert (letter.subject, letter.body) == ("Hộ 079******345", "Chủ hộ 079******345.")


@pytest.mark.django_db
def test_a_run_again_on_the_same_day_writes_to_nobody_twice(thanh_hoa_centre: User) -> None:
    make_project(thanh_hoa_centre)
    deliver()
    assert len(deliver()) == 1
    with whole_country():
        assert OutboxMessage.objects.filter(topic=digest.TOPIC).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_timers_and_four_workers_at_once_write_one_letter_a_person(
    thanh_hoa_centre: User, nghe_an_centre: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for centre in (thanh_hoa_centre, nghe_an_centre):
        make_project(centre)
    sent: list[str] = []
    monkeypatch.setattr("records.mail.send", lambda address, *_: sent.append(address))

    def work() -> int:
        return outbox.dispatch(mail=True)

    at_once([tasks.post_digests, tasks.post_digests])
    counts = at_once([work, work, tasks.post_digests, work, work])
    assert all(isinstance(count, int) for count in counts), counts
    assert sorted(sent) == ["na.centre@example.invalid", "th.centre@example.invalid"]


@pytest.mark.django_db
def test_a_letter_whose_sending_failed_is_sent_later_the_same_day_under_the_same_id(
    thanh_hoa_centre: User, settings: Any, monkeypatch: pytest.MonkeyPatch, morning: Any
) -> None:
    make_project(thanh_hoa_centre)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", _hang_up)
        assert deliver() == []
    with whole_country():
        waiting = OutboxMessage.objects.get(topic=digest.TOPIC)
    assert waiting.dispatched_at is None and "ConnectionError" in waiting.last_error
    with whole_country():
        OutboxMessage.objects.update(
            due_at=MORNING - dt.timedelta(days=365)
        )  # the database has a clock of its own
    outbox.dispatch(mail=True)
    (letter,) = letters.outbox
    assert waiting.uuid.hex in letter.message()["Message-ID"]


def _hang_up(*_args: Any, **_kwargs: Any) -> int:
    raise ConnectionError("máy chủ thư không trả lời")


@pytest.mark.django_db
def test_yesterdays_letter_is_never_sent_today(thanh_hoa_centre: User, morning: Any) -> None:
    make_project(thanh_hoa_centre)
    tasks.post_digests()
    morning.shift(dt.timedelta(days=1))
    outbox.dispatch(mail=True)
    assert letters.outbox == []


@pytest.mark.django_db
@pytest.mark.parametrize("shift", [dt.timedelta(days=3), -dt.timedelta(minutes=1)])
def test_no_letter_on_a_saturday_or_before_its_time(
    thanh_hoa_centre: User, morning: Any, shift: dt.timedelta
) -> None:
    make_project(thanh_hoa_centre)
    morning.shift(shift)
    assert deliver() == []


@pytest.mark.django_db
@pytest.mark.owner_role
def test_no_letter_on_a_public_holiday(thanh_hoa_centre: User) -> None:
    make_project(thanh_hoa_centre)
    span = days_of_year(DAY.year)
    CalendarDay.objects.create(date=DAY, kind=CalendarDayKind.HOLIDAY, name="Ngày nghỉ thử", valid=span)
    assert tasks.post_digests() == 0


@pytest.mark.django_db
def test_an_installation_without_a_mail_server_puts_no_letter_in(
    thanh_hoa_centre: User, settings: Any
) -> None:
    settings.MAIL_MODE = ""
    make_project(thanh_hoa_centre)
    assert tasks.post_digests() == 0
    with whole_country():
        assert not OutboxMessage.objects.filter(topic=digest.TOPIC).exists()


@pytest.mark.django_db
def test_a_notice_wanted_at_once_is_an_e_mail_of_its_own_without_its_text(thanh_hoa_centre: User) -> None:
    with act_as(thanh_hoa_centre):
        inbox.choose(thanh_hoa_centre, bell=[], digest=[], mail=["remark.made"])
    tell(thanh_hoa_centre, "Có người nhắc đến bạn", "/de-an/KCQG-2027-38-0001/")
    tell(thanh_hoa_centre, "Đã phê duyệt", kind="project.moved")
    outbox.dispatch(mail=True)
    (letter,) = letters.outbox
    assert letter.subject == "Có người nhắc đến bạn"
    assert "http://127.0.0.1:8000/de-an/KCQG-2027-38-0001/" in letter.body
    assert "Nội dung chỉ có trong cổng" not in letter.body


@pytest.mark.django_db
def test_a_mail_server_that_hangs_holds_up_no_notice_in_the_portal(
    settings: Any, thanh_hoa_centre: User
) -> None:
    settings.OUTBOX_HANDLERS = {"mail.digest": "programs.digest.send", "news": ""}
    outbox.post_all("mail.digest", [{"user": thanh_hoa_centre.pk, "day": DAY.isoformat()}])
    outbox.post_all("news", [{}])
    assert outbox.dispatch() == 1
    with whole_country():
        assert OutboxMessage.objects.get(dispatched_at=None).topic == "mail.digest"
