"""One's own account: how to hear of what happens, and a new password."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.scope import act_as
from records import inbox
from records.context import whole_country
from records.models import AuditEntry, InboxItem
from tests.pages import signed_in, text_of

ACCOUNT, PASSWORD = "/tai-khoan/", "/tai-khoan/mat-khau/"
OLD, NEW = "mật khẩu cũ thật dài", "một câu mới dễ nhớ hơn"


@pytest.fixture
def centre(thanh_hoa_centre: User) -> User:
    thanh_hoa_centre.set_password(OLD)
    thanh_hoa_centre.save()
    return thanh_hoa_centre


def ways(user: User) -> dict[str, inbox.Ways]:
    with act_as(user):
        return inbox.ways_of(user)


def test_whoever_chose_nothing_hears_in_the_portal_and_in_the_daily_letter(thanh_hoa_centre: User) -> None:
    assert set(ways(thanh_hoa_centre)) == set(inbox.KINDS)
    assert all(each.bell and not each.mail for each in ways(thanh_hoa_centre).values())
    assert ways(thanh_hoa_centre)["work.waiting"].digest


def test_a_choice_is_kept_for_each_kind_and_shown_again(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    client = signed_in(thanh_hoa_centre)
    sent = {
        "bell": ["project.moved"],
        "digest": ["work.waiting"],
        "mail": ["remark.made", "project.returned"],
    }
    answer = client.post(ACCOUNT, sent, follow=True)
    assert "Đã lưu cách nhận thông báo." in answer.content.decode()
    kept = ways(thanh_hoa_centre)
    assert kept["remark.made"] == inbox.Ways(bell=False, digest=False, mail=True)
    assert kept["project.moved"] == inbox.Ways(bell=True, digest=False, mail=False)
    table = client.get(ACCOUNT).content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    assert table.count(" checked>") == 4
    assert ways(thanh_hoa_officer)["remark.made"].bell, "a colleague's choice is their own"


def test_what_needs_ones_action_is_always_told_in_the_portal_and_the_page_says_why(
    thanh_hoa_centre: User,
) -> None:
    client = signed_in(thanh_hoa_centre)
    client.post(ACCOUNT, {"bell": [], "mail": ["work.waiting"]})
    kept = ways(thanh_hoa_centre)
    assert kept["project.returned"].bell and kept["work.waiting"].bell and kept["list.applied"].bell
    assert not kept["work.waiting"].mail, "the queue is no event: it comes in the daily letter only"
    page = client.get(ACCOUNT).content.decode()
    assert page.count("Luôn báo</td>") == 4
    assert "Luôn báo, vì bạn phải sửa và nộp lại đúng hạn." in page


def test_a_kind_that_does_not_exist_is_refused_and_changes_nothing(thanh_hoa_centre: User) -> None:
    answer = signed_in(thanh_hoa_centre).post(ACCOUNT, {"digest": ["bịa.ra"]})
    assert answer.status_code == 422
    assert "hãy chọn lại" in answer.content.decode()
    assert ways(thanh_hoa_centre)["work.waiting"].digest


def test_with_the_bell_off_a_notice_is_in_the_inbox_and_not_counted(thanh_hoa_centre: User) -> None:
    signed_in(thanh_hoa_centre).post(ACCOUNT, {"bell": []})
    with whole_country():
        inbox.notify([thanh_hoa_centre], "remark.made", "Có nhận xét mới")
        inbox.notify([thanh_hoa_centre], "project.returned", "Hồ sơ bị trả lại")
        quiet, loud = InboxItem.objects.order_by("id")
    assert quiet.read_at and not quiet.was_opened and loud.read_at is None
    page = text_of(thanh_hoa_centre, "/thong-bao/")
    assert "Có nhận xét mới" in page and "1 thông báo chưa đọc" in page


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("", "chưa có máy chủ gửi thư"),
        ("files", "không gửi cho ai"),
        ("smtp", "Thư gửi tới th.centre@example.invalid"),
    ],
)
def test_the_page_says_plainly_whether_letters_are_sent(
    thanh_hoa_centre: User, settings: Any, mode: str, sentence: str
) -> None:
    settings.MAIL_MODE = mode
    assert sentence in text_of(thanh_hoa_centre, ACCOUNT)


def test_a_person_without_an_address_is_told_that_no_letter_can_come(thanh_hoa_centre: User) -> None:
    User.objects.filter(pk=thanh_hoa_centre.pk).update(email="")
    assert "Tài khoản chưa có địa chỉ thư" in text_of(User.objects.get(pk=thanh_hoa_centre.pk), ACCOUNT)


def test_a_new_password_ends_the_sessions_elsewhere_and_keeps_this_one(centre: User) -> None:
    here, elsewhere = signed_in(centre), signed_in(centre)
    answer = here.post(PASSWORD, {"old_password": OLD, "new_password1": NEW, "new_password2": NEW})
    assert (answer.status_code, answer["Location"]) == (302, ACCOUNT)
    assert here.get(ACCOUNT).status_code == 200
    assert elsewhere.get(ACCOUNT).status_code == 302
    centre.refresh_from_db()
    assert centre.check_password(NEW)
    with whole_country():
        assert AuditEntry.objects.get(action="accounts.change_own_password").actor_id == centre.pk


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"old_password": "sai"}, "Mật khẩu hiện tại không đúng."),
        ({"new_password2": NEW + "!"}, "Hai lần nhập mật khẩu mới không giống nhau."),
        ({"new_password1": "ngắn", "new_password2": "ngắn"}, "Mật khẩu quá ngắn; cần ít nhất 15 ký tự."),
    ],
)
def test_a_refused_password_says_what_is_wrong_and_changes_nothing(
    centre: User, sent: dict[str, str], sentence: str
) -> None:
    data = {"old_password": OLD, "new_password1": NEW, "new_password2": NEW} | sent
    answer = signed_in(centre).post(PASSWORD, data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    centre.refresh_from_db()
    assert centre.check_password(OLD)


@pytest.mark.parametrize("weak", ["ngắn", "yfdbufnjh10305070"])
def test_a_weak_password_is_refused_in_vietnamese_where_it_was_typed_first(centre: User, weak: str) -> None:
    data = {"old_password": OLD, "new_password1": weak, "new_password2": weak}
    errors = signed_in(centre).post(PASSWORD, data).context["form"].errors
    assert list(errors) == ["new_password1"]
    assert all(said.startswith("Mật khẩu ") for said in errors["new_password1"])


def test_guessing_the_old_password_from_an_open_session_is_slowed_down(centre: User) -> None:
    client = signed_in(centre)
    wrong = {"old_password": "sai", "new_password1": NEW, "new_password2": NEW}
    for _guess in range(10):
        client.post(PASSWORD, wrong)
    answer = client.post(PASSWORD, wrong | {"old_password": OLD})
    assert "quá nhiều lần" in answer.content.decode()
    centre.refresh_from_db()
    assert centre.check_password(OLD)


@pytest.mark.django_db
@pytest.mark.parametrize("path", [ACCOUNT, PASSWORD])
def test_a_stranger_is_asked_to_sign_in_before_any_account_is_shown(path: str) -> None:
    assert Client().get(path)["Location"].startswith("/dang-nhap/")
