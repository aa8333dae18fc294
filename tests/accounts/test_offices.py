"""An office's own page: who works there, who joins, moves and leaves, and a password without e-mail."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import offices, staff
from accounts.models import (
    ROLES_OF_KIND,
    Delegation,
    Membership,
    Organisation,
    OrganisationKind,
    User,
    today,
)
from accounts.policy import Colleague, PermissionRefused, decide
from accounts.roles import Role
from accounts.scope import act_as, scope_of
from accounts.staff import ONE_TIME_FOR, NewPost, Person
from accounts.tokens import issue
from records import outbox
from records.context import whole_country
from records.models import AuditEntry, InboxItem
from tests import cast
from tests.pages import signed_in, text_of
from vietnam.models import AdminUnit
from vietnam.periods import period

DAY = dt.timedelta(days=1)
CONTACT = {"full_name": "Tên Khác", "phone": "", "email": ""}
OWN = "một câu riêng thật dài"
NEWCOMER = Person("nguoi.moi", "Nguyễn Thị Mới", "0900 000 000")


@pytest.fixture
def office(db: None) -> Organisation:
    return cast.so_of("Thanh Hóa")


@pytest.fixture
def keeper(office: Organisation) -> User:
    """The office's own administrator."""
    return cast.person("th.keeper", "Lê Thị Giữ", Role.OFFICE_ADMIN, office)


@pytest.fixture
def administrator(db: None) -> User:
    nation = AdminUnit.nation()
    return cast.person(
        "quan.tri", "Quản Trị Thử", Role.ADMIN, cast.office(OrganisationKind.OTHER, "Quản trị", nation)
    )


def address(office: Organisation, rest: str = "") -> str:
    return f"/co-quan/{office.uuid}/{rest}"


def post(role: str = Role.SO_OFFICER, first: dt.date | None = None, last: dt.date | None = None) -> NewPost:
    return NewPost(role, first or today(), last)


def shown_password(html: str) -> str:
    found = re.search(r"<code[^>]*>([^<]+)</code>", html)
    assert found, "no password on the page"
    return found[1]


# --- the page


def test_colleagues_see_each_others_posts_and_telephones_and_nothing_to_change(
    office: Organisation, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    User.objects.filter(pk=thanh_hoa_leader.pk).update(phone="0900 111 222")
    page = text_of(thanh_hoa_officer, address(office))
    assert "Phạm Văn Ký" in page and "0900 111 222" in page and "Lãnh đạo Sở Công Thương" in page
    assert "Thêm người" not in page and "nguoi/th.leader" not in page


def test_another_offices_page_is_not_found(thanh_hoa_officer: User) -> None:
    assert signed_in(thanh_hoa_officer).get(address(cast.so_of("Nghệ An"))).status_code == 404


def test_whoever_has_one_office_is_taken_to_it_and_the_systems_administrator_sees_all(
    office: Organisation, thanh_hoa_officer: User, administrator: User
) -> None:
    assert signed_in(thanh_hoa_officer).get("/co-quan/")["Location"] == address(office)
    cast.so_of("Nghệ An")
    page = text_of(administrator, "/co-quan/?q=cong+thuong+nghe")
    assert "Sở Công Thương Nghệ An" in page and "Sở Công Thương Thanh Hóa" not in page


def test_an_offices_administrator_sees_no_project_and_no_province(keeper: User) -> None:
    scope = scope_of(keeper)
    assert scope.province_ids == () and not scope.own_organisation_ids


# --- joining


def test_a_newcomer_gets_a_password_shown_once_and_works_only_after_changing_it(
    office: Organisation, keeper: User
) -> None:
    sent = {
        "full_name": "Nguyễn Thị Mới",
        "username": "nguoi.moi",
        "phone": "0900 000 000",
        "role": Role.SO_OFFICER,
        "first": f"{today():%d/%m/%Y}",
    }
    answer = signed_in(keeper).post(address(office, "them-nguoi/"), sent)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    password = shown_password(answer.content.decode())
    newcomer = User.objects.get(username="nguoi.moi")
    assert password not in text_of(keeper, address(office, "nguoi/nguoi.moi/"))

    browser = Client()
    browser.post("/dang-nhap/", {"username": "nguoi.moi", "password": password})
    for path in ("/", "/de-an/", address(office), "/tai-khoan/"):
        assert browser.get(path)["Location"] == "/tai-khoan/mat-khau/", path
    assert browser.get("/api/v1/me/").status_code == 403
    assert "Đặt mật khẩu của bạn" in browser.get("/tai-khoan/mat-khau/").content.decode()
    answer = browser.post(
        "/tai-khoan/mat-khau/", {"old_password": password, "new_password1": OWN, "new_password2": OWN}
    )
    assert answer["Location"] == "/" and browser.get("/").status_code == 200
    newcomer.refresh_from_db()
    assert newcomer.one_time_until is None and newcomer.check_password(OWN)
    with whole_country():
        actions = set(AuditEntry.objects.filter(actor=keeper).values_list("action", flat=True))
    assert {"accounts.open", "accounts.give_post"} <= actions


def test_the_one_time_password_may_not_be_kept(office: Organisation, keeper: User) -> None:
    newcomer, password = staff.join(office, NEWCOMER, post(), actor=keeper)
    browser = signed_in(newcomer)
    same = {"old_password": password, "new_password1": password, "new_password2": password}
    answer = browser.post("/tai-khoan/mat-khau/", same)
    assert answer.status_code == 422 and "phải khác mật khẩu hiện tại" in answer.content.decode()


def test_a_one_time_password_ends_by_itself(office: Organisation, keeper: User) -> None:
    _newcomer, password = staff.join(office, NEWCOMER, post(), actor=keeper)
    with time_machine.travel(timezone.now() + ONE_TIME_FOR + dt.timedelta(minutes=1), tick=False):
        answer = Client().post("/dang-nhap/", {"username": "nguoi.moi", "password": password})
        assert "Mật khẩu tạm đã hết hạn" in answer.content.decode()
        answer = Client().post("/dang-nhap/", {"username": "nguoi.moi", "password": "sai"})
        assert "hết hạn" not in answer.content.decode(), "a stranger learns nothing"


def test_a_partners_key_works_whatever_the_password_is(partner: User) -> None:
    from accounts.models import ApiScope

    User.objects.filter(pk=partner.pk).update(one_time_until=timezone.now())
    _token, text = issue(partner, "thử", scopes=[ApiScope.READ])
    answer = Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 200


def test_a_known_user_name_is_refused_at_its_field_and_nothing_typed_is_lost(
    office: Organisation, keeper: User, nghe_an_officer: User
) -> None:
    sent = {
        "full_name": nghe_an_officer.full_name,
        "username": nghe_an_officer.username,
        "role": Role.SO_OFFICER,
        "first": "01/01/2026",
        "title": "Chuyên viên chính",
    }
    answer = signed_in(keeper).post(address(office, "them-nguoi/"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and 'href="#id_username"' in page and "Chuyên viên chính" in page
    assert not nghe_an_officer.memberships.filter(organisation=office).exists()


def test_the_systems_administrator_brings_somebody_from_another_office_with_their_own_password(
    office: Organisation, administrator: User, nghe_an_officer: User
) -> None:
    known = Person(nghe_an_officer.username, nghe_an_officer.full_name)
    _user, password = staff.join(office, known, post(), actor=administrator)
    assert password == "" and scope_of(User.objects.get(pk=nghe_an_officer.pk)).posts[-1].office == str(
        office
    )
    with pytest.raises(ValidationError, match="của người khác"):
        staff.join(office, Person(nghe_an_officer.username, "Ai Đó Khác"), post(), actor=administrator)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CUC_LEADER, Role.IMPL, Role.OFFICE_ADMIN])
def test_an_office_gives_no_right_that_is_not_its_own(office: Organisation, keeper: User, role: Role) -> None:
    with pytest.raises(PermissionRefused):
        staff.join(office, NEWCOMER, post(role), actor=keeper)
    answer = signed_in(keeper).post(
        address(office, "them-nguoi/"),
        {"full_name": "Người Mới", "username": "nguoi.moi", "role": role, "first": "01/01/2026"},
    )
    assert answer.status_code == 422 and not User.objects.filter(username="nguoi.moi").exists()


# --- moving


def test_a_post_instead_of_another_begins_the_day_after_the_other_ends(
    office: Organisation, keeper: User, thanh_hoa_officer: User
) -> None:
    old = thanh_hoa_officer.memberships.get()
    begins = today() + dt.timedelta(days=10)
    staff.give_post(thanh_hoa_officer, office, post(Role.SO_LEADER, begins), actor=keeper, instead_of=old)
    roles = {
        day: [p.role for p in scope_of(thanh_hoa_officer, day).posts]
        for day in (begins - dt.timedelta(days=1), begins)
    }
    assert list(roles.values()) == [[Role.SO_OFFICER], [Role.SO_LEADER]]


def test_the_same_post_twice_at_a_time_is_refused_in_words(
    office: Organisation, keeper: User, thanh_hoa_officer: User
) -> None:
    sent = {"role": Role.SO_OFFICER, "first": "01/01/2026"}
    answer = signed_in(keeper).post(address(office, "nguoi/th.officer/vi-tri/"), sent)
    assert answer.status_code == 422 and "đã giữ vai trò đó" in answer.content.decode()


def test_a_posts_last_day_is_its_last(office: Organisation, keeper: User, thanh_hoa_officer: User) -> None:
    held, last = thanh_hoa_officer.memberships.get(), today() + dt.timedelta(days=3)
    answer = signed_in(keeper).post(
        address(office, f"nguoi/th.officer/vi-tri/{held.pk}/thoi/"), {"last": f"{last:%d/%m/%Y}"}
    )
    assert answer.status_code == 302
    assert scope_of(thanh_hoa_officer, last).posts
    assert not scope_of(thanh_hoa_officer, last + dt.timedelta(days=1)).posts


def test_nobody_runs_their_own_account(office: Organisation, keeper: User) -> None:
    with pytest.raises(PermissionRefused, match="chính mình"):
        staff.give_post(keeper, office, post(Role.SO_LEADER), actor=keeper)
    with pytest.raises(PermissionRefused, match="chính mình"):
        staff.leave(keeper, office, "thử", actor=keeper)


# --- leaving


def test_whoever_leaves_loses_posts_sessions_and_lent_authority_and_keeps_a_name(
    office: Organisation, keeper: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    leader_post = thanh_hoa_leader.memberships.get()
    Delegation.objects.create(
        membership=leader_post,
        delegate=thanh_hoa_officer,
        decision_number="1/QĐ",
        valid=period(today() - dt.timedelta(days=5), today() + dt.timedelta(days=5)),
    )
    browser = signed_in(thanh_hoa_officer)
    answer = signed_in(keeper).post(
        address(office, "nguoi/th.officer/thoi-viec/"), {"reason": "Nghỉ hưu"}, follow=True
    )
    assert "đóng tài khoản" in answer.content.decode()
    assert browser.get("/")["Location"].startswith("/dang-nhap/")
    thanh_hoa_officer.refresh_from_db()
    assert not thanh_hoa_officer.is_active and not Delegation.objects.on(today()).exists()
    assert "Trần Thị Nhận" in text_of(keeper, address(office)), "those who have left are named below"
    with whole_country():
        assert AuditEntry.objects.get(action="accounts.leave").reason == "Nghỉ hưu"


def test_who_leaves_on_the_very_first_day_stays_named_with_what_was_lent_to_them(
    office: Organisation, keeper: User, thanh_hoa_leader: User
) -> None:
    """A step may have been signed under it that day."""
    user, _password = staff.join(office, Person("th.moi", "Người Mới Thử"), post(), actor=keeper)
    lent = Delegation.objects.create(
        membership=thanh_hoa_leader.memberships.get(),
        delegate=user,
        decision_number="12/QĐ",
        valid=period(today(), today() + dt.timedelta(days=5)),
    )
    answer = signed_in(keeper).post(
        address(office, "nguoi/th.moi/thoi-viec/"), {"reason": "Thôi việc"}, follow=True
    )
    assert answer.status_code == 200 and "Người Mới Thử" in text_of(keeper, address(office))
    lent.refresh_from_db()
    assert lent.valid == period(today(), today() + dt.timedelta(days=1))
    user.refresh_from_db()
    assert not user.is_active


def test_who_leaves_one_of_two_offices_on_the_first_day_leads_back_to_the_office(
    office: Organisation, keeper: User, nghe_an_officer: User
) -> None:
    person = Person(nghe_an_officer.username, nghe_an_officer.full_name)
    cast.give_post(nghe_an_officer, Role.SO_OFFICER, office)
    nghe_an_officer.memberships.filter(organisation=office).update(valid=period(today(), None))
    answer = signed_in(keeper).post(
        address(office, f"nguoi/{person.username}/thoi-viec/"), {"reason": "Nhầm"}, follow=True
    )
    assert answer.status_code == 200 and "Đã cho thôi việc tại cơ quan này." in answer.content.decode()


def test_whoever_works_elsewhere_too_keeps_the_account(
    office: Organisation, keeper: User, thanh_hoa_officer: User
) -> None:
    cast.give_post(thanh_hoa_officer, Role.SO_OFFICER, cast.so_of("Nghệ An"))
    assert staff.leave(thanh_hoa_officer, office, "chuyển", actor=keeper) is False
    assert [p.office for p in scope_of(User.objects.get(pk=thanh_hoa_officer.pk)).posts] == [
        "Sở Công Thương Nghệ An"
    ]


def test_whoever_comes_back_opens_the_same_account(
    office: Organisation, keeper: User, thanh_hoa_officer: User
) -> None:
    staff.leave(thanh_hoa_officer, office, "biệt phái", actor=keeper)
    with time_machine.travel(timezone.now() + dt.timedelta(days=30), tick=False):
        back = Person("th.officer", "Trần Thị Nhận")
        user, password = staff.join(office, back, post(), actor=keeper)
    assert user.pk == thanh_hoa_officer.pk and password and user.is_active


# --- a forgotten password


def test_a_reset_needs_no_email_ends_every_session_and_is_told_to_the_person(
    office: Organisation, keeper: User, thanh_hoa_officer: User
) -> None:
    browser = signed_in(thanh_hoa_officer)
    answer = signed_in(keeper).post(address(office, "nguoi/th.officer/mat-khau/"))
    password = shown_password(answer.content.decode())
    assert browser.get("/")["Location"].startswith("/dang-nhap/")
    thanh_hoa_officer.refresh_from_db()
    assert thanh_hoa_officer.check_password(password) and thanh_hoa_officer.one_time_until
    outbox.dispatch()
    with whole_country():
        assert "Lê Thị Giữ" in InboxItem.objects.get(user=thanh_hoa_officer).title
        entry = AuditEntry.objects.get(action="accounts.reset_password")
    assert entry.actor_id == keeper.pk and password not in str(entry.after)


def test_an_account_with_other_duties_is_not_one_offices_to_open(
    office: Organisation, keeper: User, administrator: User, thanh_hoa_officer: User
) -> None:
    cast.give_post(thanh_hoa_officer, Role.SO_OFFICER, cast.so_of("Nghệ An"))
    person = Colleague(office, thanh_hoa_officer)
    refused = decide(keeper, "accounts.reset_password", person)
    assert not refused and "cơ quan khác" in str(refused.reason)
    assert decide(administrator, "accounts.reset_password", person)


def test_the_systems_administrator_is_out_of_reach_of_an_office(
    office: Organisation, keeper: User, administrator: User
) -> None:
    cast.give_post(administrator, Role.SO_OFFICER, office)
    for rule in ("accounts.reset_password", "accounts.run_person"):
        assert not decide(keeper, rule, Colleague(office, administrator)), rule


def test_an_offices_administrator_has_no_say_in_another(keeper: User, nghe_an_officer: User) -> None:
    there = cast.so_of("Nghệ An")
    for rule in ("accounts.reset_password", "accounts.run_person", "accounts.give_post"):
        assert not decide(keeper, rule, Colleague(there, nghe_an_officer, Role.SO_OFFICER)), rule


def test_whoever_works_elsewhere_now_is_no_longer_their_former_offices_to_run(
    office: Organisation, keeper: User, administrator: User, thanh_hoa_officer: User
) -> None:
    staff.end_post(thanh_hoa_officer.memberships.get(), today() - DAY, actor=administrator)
    cast.give_post(thanh_hoa_officer, Role.SO_OFFICER, cast.so_of("Nghệ An"))
    person = Colleague(office, thanh_hoa_officer, Role.SO_LEADER)
    for rule in ("run_person", "set_contact", "give_post", "reset_password"):
        assert not decide(keeper, f"accounts.{rule}", person), rule
        assert decide(administrator, f"accounts.{rule}", person), rule
    page = text_of(keeper, address(office, "nguoi/th.officer/"))
    assert "không còn vị trí ở cơ quan" in page and "Lưu liên hệ" not in page
    sent = {"full_name": "Tên Khác", "phone": "", "email": "ke.gian@thu.vn"}
    assert signed_in(keeper).post(address(office, "nguoi/th.officer/"), sent).status_code == 403


def test_the_contact_of_whoever_works_elsewhere_too_is_not_one_offices_to_change(
    office: Organisation, keeper: User, thanh_hoa_officer: User
) -> None:
    cast.give_post(thanh_hoa_officer, Role.SO_OFFICER, cast.so_of("Nghệ An"))
    with pytest.raises(PermissionRefused, match="cơ quan khác"):
        staff.set_contact(thanh_hoa_officer, office, CONTACT, actor=keeper)
    page = text_of(keeper, address(office, "nguoi/th.officer/"))
    assert "Lưu liên hệ" not in page and "Đặt mật khẩu tạm" not in page


def test_another_address_for_letters_is_told_to_the_person_a_telephone_is_not(
    office: Organisation, keeper: User, thanh_hoa_officer: User
) -> None:
    for phone, email in (("0900 1", thanh_hoa_officer.email), ("0900 1", "nhan@thu.vn")):
        contact = {"full_name": thanh_hoa_officer.full_name, "phone": phone, "email": email}
        staff.set_contact(thanh_hoa_officer, office, contact, actor=keeper)
    outbox.dispatch()
    with whole_country():
        item = InboxItem.objects.get(user=thanh_hoa_officer)
    assert "Lê Thị Giữ" in item.title and "nhan@thu.vn" in item.body


def test_the_reset_of_somebody_who_signs_is_told_to_the_others_who_sign(
    office: Organisation, keeper: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    deputy = cast.person("th.pho", "Vũ Thị Phó", Role.SO_LEADER, office)
    staff.reset_password(thanh_hoa_officer, office, actor=keeper)
    staff.reset_password(thanh_hoa_leader, office, actor=keeper)
    outbox.dispatch()
    with whole_country():
        told = InboxItem.objects.exclude(user=thanh_hoa_officer).values_list("user", "title")
        assert {user for user, _title in told} == {deputy.pk, thanh_hoa_leader.pk}
        assert "Phạm Văn Ký" in dict(told)[deputy.pk]


# --- what a post's days may be


def test_a_post_that_has_begun_does_not_end_before_it_began(
    office: Organisation, keeper: User, thanh_hoa_leader: User, thanh_hoa_officer: User
) -> None:
    held = thanh_hoa_leader.memberships.get()
    before = held.first_day - DAY  # type: ignore[operator]
    Delegation.objects.create(
        membership=held, delegate=thanh_hoa_officer, decision_number="1", valid=(today(), None)
    )
    client = signed_in(keeper)
    place = address(office, "nguoi/th.leader/")
    answer = client.post(f"{place}vi-tri/{held.pk}/thoi/", {"last": f"{before:%d/%m/%Y}"})
    assert answer.status_code == 422 and "trước ngày đầu của vị trí" in answer.content.decode()
    sent = {"role": Role.SO_OFFICER, "first": f"{before:%d/%m/%Y}", "instead_of": held.pk}
    answer = client.post(f"{place}vi-tri/", sent)
    assert answer.status_code == 422 and "sau ngày đầu của vị trí được thay" in answer.content.decode()
    assert Delegation.objects.filter(membership=held).exists()


def test_a_post_ends_once(office: Organisation, keeper: User, thanh_hoa_officer: User) -> None:
    cast.give_post(thanh_hoa_officer, Role.SO_LEADER, office)
    held = thanh_hoa_officer.memberships.get(role=Role.SO_OFFICER)
    staff.end_post(held, today() - 10 * DAY, actor=keeper)
    with pytest.raises(ValidationError, match="đã kết thúc"):
        staff.end_post(held, today() - 20 * DAY, actor=keeper)
    with pytest.raises(ValidationError, match="đã kết thúc"):
        staff.give_post(
            thanh_hoa_officer, office, post(first=today() - 20 * DAY), actor=keeper, instead_of=held
        )
    held.refresh_from_db()
    assert held.last_day == today() - 10 * DAY


# --- the database's share


@pytest.mark.django_db
def test_the_database_knows_what_an_office_can_give() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('accounts_office_has'::regproc)")
        pairs = set(re.findall(r"\('(\w+)', '(\w+)'\)", cursor.fetchone()[0]))
    assert pairs == {(str(kind), role.value) for kind, roles in ROLES_OF_KIND.items() for role in roles}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MIN_APPROVER, Role.OFFICE_ADMIN])
def test_the_database_gives_no_role_beyond_the_office(
    office: Organisation, keeper: User, thanh_hoa_officer: User, role: Role
) -> None:
    with act_as(keeper):
        with pytest.raises(ProgrammingError, match="post_beyond_office"), transaction.atomic():
            cast_post = {"user": thanh_hoa_officer, "organisation": office, "role": role}
            Membership.objects.create(**cast_post, valid=(today(), None))
        with pytest.raises(ProgrammingError, match="post_beyond_office"), transaction.atomic():
            thanh_hoa_officer.memberships.update(role=role)


def test_the_database_lets_nobody_change_their_own_post(office: Organisation, keeper: User) -> None:
    with act_as(keeper):
        for change in ({"role": Role.SO_LEADER}, {"valid": (today(), None)}, {"title": "Giám đốc"}):
            with pytest.raises(ProgrammingError, match="post_by_stranger"), transaction.atomic():
                keeper.memberships.update(**change)


def test_an_offices_administrator_still_ends_the_post_of_another_in_the_database(
    office: Organisation, keeper: User
) -> None:
    other = cast.person("th.keeper2", "Đỗ Văn Giữ", Role.OFFICE_ADMIN, office)
    with act_as(keeper):
        staff.end_post(other.memberships.get(), today(), actor=keeper)
    assert other.memberships.get().last_day == today()


# --- offices


def test_an_office_that_is_succeeded_hands_its_people_over_and_keeps_its_name_on_old_papers(
    administrator: User, thanh_hoa_centre: User
) -> None:
    old = thanh_hoa_centre.memberships.get().organisation
    last = today() + dt.timedelta(days=30)
    begins = last + dt.timedelta(days=1)
    names = {"name": "Trung tâm Khuyến công và Xúc tiến thử"}
    heir = offices.found_office(
        actor=administrator, kind="TTKC", province=old.province, time=offices.Time(begins), names=names
    )
    carried = offices.change_office(
        old,
        actor=administrator,
        time=offices.Time(dt.date(2020, 1, 1), last),
        names={"name": old.name},
        successor=heir,
        carry_people=True,
    )
    assert carried.posts == 1 and not carried.own_stays
    assert [p.organisation_id for p in scope_of(thanh_hoa_centre, last).posts] == [old.pk]
    [post_after] = scope_of(thanh_hoa_centre, begins).posts
    assert post_after.organisation_id == heir.pk and old.pk in post_after.organisation_ids


def test_the_acting_administrators_own_post_is_not_carried_over_and_the_page_says_so(
    administrator: User,
) -> None:
    old = administrator.memberships.get().organisation
    cast.give_post(administrator, Role.IMPL, old)
    colleague = cast.person("dong.nghiep", "Hồ Thị Cùng", Role.IMPL, old)
    names = {"name": "Quản trị mới"}
    begins = today() + DAY
    heir = offices.found_office(
        actor=administrator, kind="OTHER", province=old.province, time=offices.Time(begins), names=names
    )
    with act_as(administrator):
        carried = offices.change_office(
            old,
            actor=administrator,
            time=offices.Time(dt.date(2020, 1, 1), today()),
            names={"name": old.name},
            successor=heir,
            carry_people=True,
        )
    assert carried.posts == 1 and carried.own_stays
    assert [held.user for held in heir.memberships.all()] == [colleague]


def test_an_office_cannot_be_succeeded_by_what_it_has_succeeded(administrator: User) -> None:
    old, new = cast.centre_of("Thanh Hóa"), cast.centre_of("Nghệ An")
    Organisation.objects.filter(pk=old.pk).update(successor=new)
    with pytest.raises(ValidationError) as refused:
        offices.change_office(
            new,
            actor=administrator,
            time=offices.Time(dt.date(2020, 1, 1), today()),
            names={"name": new.name},
            successor=old,
        )
    assert "successor" in refused.value.message_dict


def test_only_the_systems_administrator_founds_and_ends_offices(keeper: User, office: Organisation) -> None:
    client = signed_in(keeper)
    assert client.get("/co-quan/lap/").status_code == 403
    assert client.get(address(office, "sua/")).status_code == 403
    assert client.post(address(office, "dau-van-ban/"), {"head_symbol": "SCT-CN"}).status_code == 302
    office.refresh_from_db()
    assert office.head_symbol == "SCT-CN"
