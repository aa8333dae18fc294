"""The next reform: a workbook of changes, its mistakes at their cells, two people, and everything at once."""

from __future__ import annotations

import datetime as dt
import io
from io import StringIO
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test import Client

from accounts.models import OrganisationKind, User
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from programs.reforms import verbs
from programs.reforms.reading import COLUMNS
from records.context import whole_country
from records.models import AuditEntry, UnitReform
from tests import cast
from tests.factories import make_project
from vietnam.converting import convert_all
from vietnam.models import AdminUnit, ProvinceRegion, UnitSuccession, province_family
from vietnam.units import find_province, search_hits

pytestmark = pytest.mark.django_db

DAY = dt.date(2027, 7, 1)
LAW = ("999/NQ-UBTVQH16", "Ủy ban Thường vụ Quốc hội", "Về việc sắp xếp thử")


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def administrator(name: str) -> User:
    office = cast.office(OrganisationKind.OTHER, "Quản trị", AdminUnit.nation())
    return cast.person(name, f"Quản Trị {name}", Role.ADMIN, office)


@pytest.fixture
def first(db: None) -> User:
    return administrator("admin.first")


@pytest.fixture
def second(db: None) -> User:
    return administrator("admin.second")


def unit(code: str) -> AdminUnit:
    return AdminUnit.objects.select_related("parent").get(code=code, valid__upper_inf=True)


def change(old: str, new: str, name: str, **more: Any) -> dict[str, Any]:
    number, issuer, title = LAW
    found = AdminUnit.objects.filter(code=old, valid__upper_inf=True).first()
    row = {
        "day": "01/07/2027", "document": number, "issuer": issuer, "title": title,
        "old_code": old, "old_name": found.name if found else "Xã Không Có",
        "new_code": new, "new_name": name,
    }  # fmt: skip
    return row | more


def book(*rows: dict[str, Any]) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append([str(label) for label, _needed in COLUMNS.values()])
    for row in rows:
        sheet.append([row.get(key, "") for key in COLUMNS])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def stage(actor: User, *rows: dict[str, Any]) -> UnitReform:
    with act_as(actor):
        return verbs.stage(io.BytesIO(book(*rows)), "Sắp xếp 2027.xlsx", actor=actor)[0]


def faults(actor: User, *rows: dict[str, Any]) -> list[str]:
    with act_as(actor), pytest.raises(verbs.Faulty) as caught:
        verbs.stage(io.BytesIO(book(*rows)), "Sắp xếp 2027.xlsx", actor=actor)
    assert not UnitReform.objects.exists()
    return [str(problem) for problem in caught.value.problems]


def communes(count: int, province: str = "38") -> list[str]:
    rows = (
        AdminUnit.objects.communes().on(dt.date(2026, 11, 1)).filter(parent__code=province).order_by("code")
    )
    return list(rows.values_list("code", flat=True)[:count])


def test_communes_are_merged_split_and_renamed(first: User, second: User) -> None:
    a, b, c, d = communes(4)
    reform = stage(
        first,
        change(a, "99001", "Phường Thử Nhập"),
        change(b, "99001", "Phường Thử Nhập"),
        change(c, "99002", "Xã Thử Chính", part="một phần", main="x"),
        change(c, "99003", "Xã Thử Phụ", part="một phần"),
        change(d, d, "Xã Thử Tên Mới"),
    )
    old = unit(a)
    assert old.ended_on is None, "looking changes nothing"
    assert verbs.sums_of(reform) == {
        "opened": 4, "ended": 4, "carried": 0, "kind_merged": 2, "kind_split": 1, "kind_renamed": 1,
    }  # fmt: skip
    with act_as(second):
        verbs.apply(reform, actor=second)
    old.refresh_from_db()
    assert old.ended_on == DAY - dt.timedelta(days=1)
    merged = unit("99001")
    assert (merged.name, merged.parent, merged.valid.lower) == ("Phường Thử Nhập", old.parent, DAY)
    assert merged.source_document is not None
    assert (merged.source_document.number, merged.source_document.confidence) == (LAW[0], "memory")
    assert UnitSuccession.objects.filter(new=merged, kind="merged").count() == 2
    parts = UnitSuccession.objects.filter(old__code=c, date=DAY).order_by("-is_default")
    assert [(step.new.name, step.kind, step.is_default) for step in parts] == [
        ("Xã Thử Chính", "split", True),
        ("Xã Thử Phụ", "split", False),
    ]
    (hit, *_others) = search_hits("thu nhap", DAY)
    assert hit.unit == merged
    assert (reform.status, reform.applied_by) == ("applied", second)
    with whole_country():
        entry = AuditEntry.objects.get(action="programs.apply_units")
    assert entry.after is not None
    assert (entry.actor_id, entry.after["opened"]) == (second.pk, 4)


def test_a_merged_province_brings_its_communes_regions_and_records(first: User, second: User) -> None:
    office = cast.centre_of("Hà Tĩnh")
    drafter = cast.person("ht.centre", "Hoàng Văn Thử", Role.IMPL, office)
    project = make_project(drafter)
    before = AdminUnit.objects.communes().on(DAY).filter(parent__code__in=["40", "42"]).count()
    reform = stage(first, change("40", "40", "Tỉnh Nghệ An"), change("42", "40", "Tỉnh Nghệ An"))
    sums, touched = verbs.sums_of(reform), verbs.touched_by(reform)
    assert (sums["opened"], sums["carried"]) == (1 + before, before)
    assert touched == {"project": 1, "establishment": 1, "cluster": 0, "organisation": 1}
    with act_as(second):
        verbs.apply(reform, actor=second)
    assert AdminUnit.objects.provinces().on(DAY).count() == 33
    assert AdminUnit.objects.provinces().on(DAY - dt.timedelta(days=1)).count() == 34
    merged = unit("40")
    assert AdminUnit.objects.communes().on(DAY).filter(parent=merged).count() == before
    assert ProvinceRegion.objects.filter(province=merged).count() == 2
    assert project.province_id in province_family(merged)
    officer = cast.person(
        "na.new", "Vũ Thị Kế", Role.SO_OFFICER, cast.office(OrganisationKind.SO, "Sở mới", merged)
    )
    with act_as(officer):
        from programs.models import Project

        assert Project.objects.visible_to(officer).get() == project


def test_the_person_who_sent_it_may_not_apply_it(first: User, cuc_leader: User) -> None:
    (a,) = communes(1)
    reform = stage(first, change(a, a, "Phường Thử"))
    for person in (first, cuc_leader):
        with act_as(person), pytest.raises(PermissionRefused):
            verbs.apply(reform, actor=person)
        with (
            act_as(person),
            pytest.raises(ProgrammingError, match="second_administrator"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT kc_apply_reform(%s)", [reform.pk])
    assert unit(a).ended_on is None


def test_hand_written_sql_sends_nothing_in_a_colleagues_name_and_changes_nothing_sent(
    first: User, second: User, cuc_leader: User
) -> None:
    (a,) = communes(1)
    reform = stage(first, change(a, a, "Phường Thử"))
    insert = (
        "INSERT INTO records_unitreform (uuid, file_id, name, rows, plan, status, uploaded_by_id, created_at)"
        " SELECT gen_random_uuid(), file_id, name, rows, plan, %s, %s, now() FROM records_unitreform"
    )
    update = "UPDATE records_unitreform SET "
    applied = "status = 'applied', applied_at = now(), applied_by_id = "
    tries: list[tuple[User, str, list[str | int], str]] = [
        (cuc_leader, insert, ["preview", cuc_leader.pk], "reform_by_stranger"),
        (cuc_leader, update + "status = 'discarded'", [], "reform_by_stranger"),
        (second, insert, ["preview", first.pk], "reform_begins_open"),
        (second, insert, ["discarded", second.pk], "reform_begins_open"),
        (second, update + "uploaded_by_id = %s", [cuc_leader.pk], "reform_is_fixed"),
        (first, update + "plan = '{}', status = 'discarded'", [], "reform_is_fixed"),
        (second, update + applied + "%s", [second.pk], "reform_is_fixed"),
        (first, "DELETE FROM records_unitreform", [], "reform_stays"),
    ]
    for actor, statement, values, refusal in tries:
        with (
            act_as(actor),
            pytest.raises(DatabaseError, match=refusal),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, values)
    with act_as(second):
        verbs.discard(reform, actor=second)
    with act_as(second), pytest.raises(DatabaseError, match="reform_is_fixed"), transaction.atomic():
        UnitReform.objects.update(status="preview")


def test_the_same_file_is_kept_and_applied_once(first: User, second: User) -> None:
    (a,) = communes(1)
    content = book(change(a, a, "Phường Thử"))
    with act_as(first):
        reform, new = verbs.stage(io.BytesIO(content), "a.xlsx", actor=first)
        again, new_again = verbs.stage(io.BytesIO(content), "b.xlsx", actor=first)
    assert (new, new_again, again) == (True, False, reform)
    with act_as(second):
        verbs.apply(reform, actor=second)
        with pytest.raises(ValidationError, match="đã được áp dụng"):
            verbs.apply(reform, actor=second)
        known, new = verbs.stage(io.BytesIO(content), "a.xlsx", actor=second)
    assert (known, new) == (reform, False)
    assert AdminUnit.objects.filter(code=a, level="commune", valid__startswith=DAY).count() == 1


def test_a_file_read_before_other_changes_is_not_applied_blindly(first: User, second: User) -> None:
    (a,) = communes(1)
    late, early = stage(first, change(a, a, "Phường Thử")), stage(first, change(a, a, "Xã Thử Khác"))
    with act_as(second):
        verbs.apply(early, actor=second)
        with pytest.raises(ValidationError, match="đã đổi từ khi tải tệp lên"):
            verbs.apply(late, actor=second)
        verbs.discard(late, actor=second)


def test_mistakes_are_told_at_their_cells(first: User) -> None:
    a, b, c = communes(3)
    found = faults(
        first,
        change(a, "99001", "Thôn Thử"),
        change("99999", "99002", "Xã Thử"),
        change(b, "99003", "Xã Thử Hai", day="31/02/2027"),
        change(b, c, "Xã Thử Ba"),
        change(c[:2] if c[:2] != "38" else "40", "99004", "Tỉnh Thử", old_name="Tỉnh Sai Tên"),
    )
    told = "\n".join(found)
    assert "H2: Tên mới phải bắt đầu bằng: Phường, Đặc khu, Xã." in told
    assert "C3: Hiện không có đơn vị nào mang mã 99999." in told
    assert "A4: Ngày không hợp lệ" in told
    assert f"G5: Mã {c} đang là" in told
    assert "D6:" in told


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"part": "một phần"}, "E2: Chỉ ghi một phần"),
        ({"part": "nửa"}, "E2: Hãy ghi “toàn bộ” hoặc “một phần”."),
        ({"new_code": 4}, "G2: Mã “4” có thể đã mất số 0 ở đầu"),
        ({"province": "98"}, "I2: Không có tỉnh mang mã “98”"),
        ({"issuer": ""}, "B2: “999/NQ-UBTVQH16” chưa có trong sổ văn bản"),
        ({"old_name": "Xã Khác"}, "D2: Mã"),
        ({"day": "01/07/2025"}, "A2: Ngày hiệu lực phải sau ngày đơn vị cũ bắt đầu."),
        ({"new_name": ""}, "H2: Chưa ghi Tên mới."),
    ],
)
def test_each_kind_of_mistake_has_its_sentence(first: User, more: dict[str, Any], words: str) -> None:
    (a,) = communes(1)
    assert any(line.startswith(words) for line in faults(first, change(a, a, "Phường Thử", **more)))


def test_a_split_needs_one_main_successor(first: User) -> None:
    (a,) = communes(1)
    rows = [change(a, f"9900{n}", f"Xã Thử {n}", part="một phần") for n in (1, 2)]
    assert any("đúng một dòng đánh dấu “Kế thừa chính”" in line for line in faults(first, *rows))


def test_a_document_of_the_register_is_used_and_not_made_anew(first: User, second: User) -> None:
    (a,) = communes(1)
    reform = stage(first, change(a, a, "Phường Thử", document="19/2025/QĐ-TTg", issuer="", title=""))
    assert reform.plan["documents"] == []
    with act_as(second):
        verbs.apply(reform, actor=second)
    document = unit(a).source_document
    assert document is not None
    assert (document.number, document.confidence) == ("19/2025/QĐ-TTg", "seen")


def test_an_old_address_is_read_through_the_new_reform_too(
    first: User, second: User, monkeypatch: Any
) -> None:
    old = next(
        each for each in AdminUnit.objects.communes().filter(parent__name="Huyện Thiệu Hóa")
        if each.name == "Xã Thiệu Nguyên"
    )  # fmt: skip
    target = UnitSuccession.objects.get(old=old).new
    reform = stage(first, change(target.code, "99001", "Phường Thử Xa"))
    with act_as(second):
        verbs.apply(reform, actor=second)
    monkeypatch.setattr("vietnam.converting.timezone.localdate", lambda: DAY)
    (found,) = convert_all([old.full_name])
    assert found.certain is not None
    assert found.certain.name == "Phường Thử Xa"


@pytest.mark.owner_role
def test_loading_the_reference_data_afterwards_changes_nothing(first: User, second: User) -> None:
    (a,) = communes(1)
    reform = stage(first, change(a, a, "Phường Thử"), change("42", "42", "Thành phố Hà Tĩnh"))
    with act_as(second):
        verbs.apply(reform, actor=second)
    out = StringIO()
    call_command("load_units", stdout=out)
    assert "(0 new, 0 changed)" in out.getvalue()
    assert find_province("Hà Tĩnh", DAY) == unit("42")


def test_the_pages_lead_two_administrators_through_it(first: User, second: User, client: Client) -> None:
    (a,) = communes(1)
    client.force_login(first)
    bad = SimpleUploadedFile("sai.xlsx", book(change("99999", a, "Xã Thử")))
    answer = client.post("/dia-gioi/nhap/", {"file": bad})
    assert answer.status_code == 422
    assert "C2: Hiện không có đơn vị nào mang mã 99999." in answer.content.decode()
    good = SimpleUploadedFile("Sắp xếp 2027.xlsx", book(change(a, a, "Phường Thử")))
    answer = client.post("/dia-gioi/nhap/", {"file": good}, follow=True)
    page = answer.content.decode()
    assert "Xem trước: chưa có gì thay đổi" in page
    assert "một quản trị hệ thống khác phải xem và áp dụng" in page
    address = answer.redirect_chain[-1][0]
    assert client.post(f"{address}ap-dung/").status_code == 403
    client.force_login(second)
    done = client.post(f"{address}ap-dung/", follow=True).content.decode()
    assert "Đã áp dụng tệp" in done
    assert unit(a).name == "Phường Thử"


def test_the_empty_template_is_read_back_as_empty(first: User, client: Client) -> None:
    client.force_login(first)
    answer: Any = client.get("/dia-gioi/nhap/?mau=xlsx")
    content = b"".join(answer)
    with act_as(first), pytest.raises(verbs.Faulty, match="chưa có dòng thay đổi nào"):
        verbs.stage(io.BytesIO(content), "mau.xlsx", actor=first)
