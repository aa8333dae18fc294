"""The first accounts of an installation are made on its command line."""

from __future__ import annotations

import getpass
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Organisation, OrganisationKind, User
from accounts.roles import Role
from accounts.scope import scope_of
from records.context import whole_country
from records.models import AuditEntry
from tests import cast
from vietnam.models import AdminUnit

OFFICE = "Sở Công Thương Thanh Hóa"


@pytest.fixture
def department(db: None) -> Organisation:
    return cast.so_of("Thanh Hóa")


def create(username: str = "so.thu", **changes: Any) -> tuple[str, str]:
    """What the command says: (standard output, standard error)."""
    options = {"name": "Nguyễn Thị Thử", "role": "SO_OFFICER", "office": OFFICE, "province": "Thanh Hóa"}
    out, told = io.StringIO(), io.StringIO()
    call_command("create_account", username, **{**options, **changes}, stdout=out, stderr=told)
    return out.getvalue(), told.getvalue()


def sign_in(username: str, password: str) -> bool:
    client = Client()
    client.post("/dang-nhap/", {"username": username, "password": password})
    return "_auth_user_id" in client.session


def test_the_printed_password_opens_the_account(department: Organisation) -> None:
    printed, told = create()
    assert len(printed.strip()) >= 20
    assert printed.strip() not in told
    assert sign_in("so.thu", printed.strip())


def test_the_post_gives_the_scope_of_its_role_from_today(department: Organisation) -> None:
    create(title="Chuyên viên")
    scope = scope_of(User.objects.get(username="so.thu"))
    assert scope.roles == {Role.SO_OFFICER}
    assert department.province_id in scope.whole_province_ids
    assert not scope.national


def test_who_got_which_post_is_in_the_audit_trail(department: Organisation) -> None:
    create()
    with whole_country():
        entry = AuditEntry.objects.get(action="accounts.give_post")
    assert entry.object_id == str(User.objects.get(username="so.thu").pk)
    assert entry.after == {"user": "so.thu", "role": "SO_OFFICER", "office": OFFICE}


def test_a_known_person_gets_a_further_post_and_keeps_the_password(department: Organisation) -> None:
    printed, _told = create()
    again, _told = create(name="", role="SO_LEADER")
    assert again == ""
    assert sign_in("so.thu", printed.strip())
    assert scope_of(User.objects.get(username="so.thu")).roles == {Role.SO_OFFICER, Role.SO_LEADER}


def test_the_same_post_is_not_given_twice(department: Organisation) -> None:
    create()
    with pytest.raises(CommandError, match="đang giữ vị trí này"):
        create()


def test_an_unknown_office_is_made_only_when_asked(department: Organisation) -> None:
    with pytest.raises(CommandError, match=f"hiện có: {OFFICE}"):
        create(office="Sở Công Thuơng Thanh Hóa")
    assert not User.objects.filter(username="so.thu").exists()
    create(office="Trung tâm Khuyến công Thử", role="IMPL", new_office=True)
    assert Organisation.objects.get(name="Trung tâm Khuyến công Thử").kind == OrganisationKind.TTKC


def test_an_office_is_found_however_its_name_is_cased(department: Organisation) -> None:
    create(office="sở  công thương thanh hóa")
    assert User.objects.get(username="so.thu").memberships.get().organisation == department


def test_the_whole_country_is_only_meant_when_said(department: Organisation) -> None:
    create("cuc.thu", role="CUC_OFFICER", office="Cục Thử", province="Toàn quốc", new_office=True)
    office = User.objects.get(username="cuc.thu").memberships.get().organisation
    assert office.province == AdminUnit.nation()
    with pytest.raises(CommandError, match="required"):
        call_command("create_account", "x", "--role", "API_CLIENT", "--office", "Đối tác thử")


@pytest.mark.parametrize(
    ("place", "advice"), [("Tỉnh Tưởng Tượng", "Toàn quốc"), ("Nam Định", "nay thuộc tỉnh Ninh Bình")]
)
def test_a_province_that_does_not_exist_today_is_refused(
    department: Organisation, place: str, advice: str
) -> None:
    with pytest.raises(CommandError, match=advice):
        create(province=place)


def test_a_partner_has_no_password_and_comes_with_a_key(department: Organisation) -> None:
    printed, _told = create("doitac", role="API_CLIENT", office="Đối tác thử", new_office=True)
    assert printed == ""
    assert not User.objects.get(username="doitac").has_usable_password()


def test_a_typed_password_must_be_typed_twice_and_be_hard_to_guess(
    department: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed: Iterator[str]
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(typed))
    typed = iter(["mot cau dai de nho", "mot cau dai khac han"])
    with pytest.raises(CommandError, match="không giống nhau"):
        create(ask_password=True)
    typed = iter(["12345678", "12345678"])
    with pytest.raises(CommandError):
        create(ask_password=True)
    assert not User.objects.filter(username="so.thu").exists()
    typed = iter(["mot cau dai de nho", "mot cau dai de nho"])
    assert create(ask_password=True)[0] == ""
    assert sign_in("so.thu", "mot cau dai de nho")


@pytest.mark.parametrize("changes", [{"name": " "}, {"username": "có dấu cách"}, {"office": " "}])
def test_half_an_account_is_refused_and_nothing_is_kept(
    department: Organisation, changes: dict[str, str]
) -> None:
    with pytest.raises(CommandError):
        create(**changes)
    assert not User.objects.exists()
