"""Registers of numbers: no gap, no double, nothing rewritten, each its own office's."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from accounts.models import IssuedNumber, Organisation, PaperKind, PaperRegister, RegisterKind, User, today
from accounts.numbering import Wish, begin_register, draw_all, open_register, void_number
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from tests import cast
from tests.records.conftest import at_once

pytestmark = pytest.mark.django_db
DRAWERS, EACH = 8, 5


@pytest.fixture
def office() -> Organisation:
    so = cast.so_of("Thanh Hóa")
    Organisation.objects.filter(pk=so.pk).update(head_symbol="SCT")
    so.refresh_from_db()
    return so


@pytest.fixture
def keeper(office: Organisation) -> User:
    return cast.person("quantri.so", "Lê Thị Quản", Role.OFFICE_ADMIN, office)


def opened(office: Organisation, keeper: User, begins_at: int = 1, year: int = 0) -> PaperRegister:
    with act_as(keeper):
        return open_register(
            office, kind=RegisterKind.RECEPTION, year=year or today().year, begins_at=begins_at, actor=keeper
        )


def draw(office: Organisation, actor: User, on: dt.date | None = None) -> IssuedNumber | None:
    wish = Wish(office.pk, PaperKind.RECEIPT, "KCQG-2027-38-0001", "Hỗ trợ máy móc")
    with act_as(actor):
        return draw_all([wish], actor=actor, on=on)[0]


def signs(office: Organisation) -> list[str]:
    rows = IssuedNumber.objects.filter(register__office=office).order_by("register__year", "number")
    return [row.sign for row in rows]


def test_numbers_follow_one_another_with_the_papers_and_the_offices_letters(
    office: Organisation, keeper: User, thanh_hoa_officer: User
) -> None:
    opened(office, keeper)
    drawn = [draw(office, thanh_hoa_officer) for _n in range(10)]
    assert [str(each) for each in drawn] == [f"{n:02d}/GTN-SCT" for n in range(1, 11)]


def test_an_office_that_keeps_no_register_issues_no_number(
    office: Organisation, thanh_hoa_officer: User
) -> None:
    assert draw(office, thanh_hoa_officer) is None


def test_each_year_begins_again_at_one(office: Organisation, keeper: User, thanh_hoa_officer: User) -> None:
    opened(office, keeper, begins_at=40)
    draw(office, thanh_hoa_officer)
    draw(office, thanh_hoa_officer, dt.date(today().year + 1, 1, 1))
    with act_as(thanh_hoa_officer):
        assert signs(office) == ["40/GTN-SCT", "01/GTN-SCT"]


def test_a_register_begun_on_paper_goes_on_where_paper_ended(
    office: Organisation, keeper: User, thanh_hoa_officer: User
) -> None:
    register = opened(office, keeper)
    with act_as(keeper):
        begin_register(register, 57, actor=keeper)
    assert str(draw(office, thanh_hoa_officer)) == "57/GTN-SCT"
    with act_as(keeper), pytest.raises(ValidationError, match="không đổi số đầu tiên"):
        begin_register(register, 90, actor=keeper)
    with pytest.raises(IntegrityError, match="register_begun"), act_as(keeper):
        PaperRegister.objects.filter(pk=register.pk).update(begins_at=90)


def test_only_the_offices_administrator_opens_a_register(
    office: Organisation, keeper: User, thanh_hoa_officer: User, nghe_an_officer: User
) -> None:
    year = today().year
    for actor in (thanh_hoa_officer, nghe_an_officer):
        with act_as(actor), pytest.raises(PermissionRefused):
            open_register(office, kind=RegisterKind.OUTGOING, year=year, actor=actor)
        with pytest.raises(DatabaseError), act_as(actor):  # nor by hand, but for going on at one
            PaperRegister.objects.create(office=office, kind=RegisterKind.OUTGOING, year=year, begins_at=9)


def test_a_register_needs_the_offices_letters_and_is_opened_once(office: Organisation, keeper: User) -> None:
    opened(office, keeper)
    with pytest.raises(ValidationError, match="đã có sổ"):
        opened(office, keeper)
    office.head_symbol = ""
    with pytest.raises(ValidationError, match="ký hiệu"):
        opened(office, keeper, year=2031)


def test_a_spoilt_number_stays_with_its_reason_and_is_never_given_again(
    office: Organisation, keeper: User, thanh_hoa_officer: User
) -> None:
    opened(office, keeper)
    draw(office, thanh_hoa_officer)
    spoilt = draw(office, thanh_hoa_officer)
    assert spoilt is not None
    with act_as(thanh_hoa_officer):
        void_number(spoilt, "In hỏng.", actor=thanh_hoa_officer)
        with pytest.raises(ValidationError, match="đã hủy"):
            void_number(spoilt, "In hỏng.", actor=thanh_hoa_officer)
    assert str(draw(office, thanh_hoa_officer)) == "03/GTN-SCT"
    with act_as(thanh_hoa_officer):
        spoilt.refresh_from_db()
        assert (spoilt.number, spoilt.void_reason) == (2, "In hỏng.")


def test_lines_of_a_register_are_neither_rewritten_nor_removed(
    office: Organisation, keeper: User, thanh_hoa_officer: User
) -> None:
    opened(office, keeper)
    entry = draw(office, thanh_hoa_officer)
    assert entry is not None
    for change in ({"number": 9}, {"about": "Khác"}, {"issued_on": dt.date(2020, 1, 1)}):
        with pytest.raises(ProgrammingError), act_as(thanh_hoa_officer):
            IssuedNumber.objects.filter(pk=entry.pk).update(**change)
    with act_as(thanh_hoa_officer), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_issuednumber")
        assert cursor.rowcount == 0


def test_nobody_chooses_a_number(office: Organisation, keeper: User, thanh_hoa_officer: User) -> None:
    register = opened(office, keeper)
    with act_as(thanh_hoa_officer):
        made = IssuedNumber.objects.create(
            register=register, number=500, suffix="GTN-SCT", paper=PaperKind.RECEIPT, project_code="x",
            about="x", issued_on=today(), issued_by=thanh_hoa_officer,
        )  # fmt: skip
        made.refresh_from_db()
    assert made.number == 1
    with pytest.raises(IntegrityError, match="number_of_other_year"), act_as(thanh_hoa_officer):
        IssuedNumber.objects.create(
            register=register, suffix="GTN-SCT", paper=PaperKind.RECEIPT, project_code="x", about="x",
            issued_on=dt.date(2020, 5, 5), issued_by=thanh_hoa_officer,
        )  # fmt: skip


def test_another_office_reads_and_draws_nothing(
    office: Organisation, keeper: User, thanh_hoa_officer: User, nghe_an_officer: User, auditor: User
) -> None:
    opened(office, keeper)
    draw(office, thanh_hoa_officer)
    for stranger in (nghe_an_officer, auditor):
        with act_as(stranger):
            assert not IssuedNumber.objects.visible_to(stranger).exists()
            assert not IssuedNumber.objects.exists() and not PaperRegister.objects.exists()
        assert draw(office, stranger) is None
    with act_as(keeper):  # who looks after accounts sees no dossier's name
        assert not IssuedNumber.objects.visible_to(keeper).exists()
        assert not IssuedNumber.objects.exists()
        assert PaperRegister.objects.begun().exists()


@pytest.mark.django_db(transaction=True)
def test_many_who_draw_at_once_leave_no_gap_and_draw_no_number_twice(
    office: Organisation, keeper: User
) -> None:
    """Each draws several times in transactions of its own, and every third one fails after drawing."""
    opened(office, keeper)
    people = [cast.person(f"cv{n}", "Trần Văn Cấp", Role.SO_OFFICER, office) for n in range(DRAWERS)]

    class Fails(Exception):
        pass

    def job(person: User) -> int:
        kept = 0
        for n in range(EACH):
            try:
                with transaction.atomic():
                    draw(office, person)
                    if n % 3 == 2:
                        raise Fails
                kept += 1
            except Fails:
                pass
        return kept

    done = at_once([lambda person=person: job(person) for person in people])  # type: ignore[misc]
    assert done == [EACH - 1] * DRAWERS
    with act_as(people[0]):
        numbers = sorted(IssuedNumber.objects.values_list("number", flat=True))
    assert numbers == list(range(1, DRAWERS * (EACH - 1) + 1))


@pytest.mark.django_db(transaction=True)
def test_the_first_who_draw_in_a_new_year_open_one_register(office: Organisation, keeper: User) -> None:
    opened(office, keeper, year=today().year - 1)
    people = [cast.person(f"cv{n}", "Trần Văn Cấp", Role.SO_OFFICER, office) for n in range(DRAWERS)]
    done = at_once([lambda person=person: draw(office, person) for person in people])  # type: ignore[misc]
    assert sorted(map(str, done)) == [f"{n:02d}/GTN-SCT" for n in range(1, DRAWERS + 1)]
