"""A report is its owner's alone, and only as long as the owner may see what it holds."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.models import Membership, User
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from records.context import whole_country
from records.models import AuditEntry
from reports.lifecycle import ReportKind
from reports.models import Report
from reports.policy import area_ids, reach_of
from tests import cast
from tests.api.client import Api
from tests.factories import make_project
from tests.pages import signed_in
from tests.reports.conftest import area, ask, fresh, made, sheet_of
from vietnam.models import AdminUnit

real = pytest.mark.django_db(transaction=True)
"""A report is made by a worker with connections of its own, so what it needs must be committed."""


def codes_in(user: User, where: str = "Thanh Hóa") -> set[str]:
    return {row[14].partition(";")[0] for row in sheet_of(user, where).projects}


def end_posts(user: User) -> None:
    """From yesterday on the person holds no post; the next request knows it."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Membership.objects.filter(user=user).update(valid=(dt.date(2020, 1, 1), yesterday))


def seen_by(user: User) -> list[Report]:
    user = User.objects.get(pk=user.pk)  # the scope of today, not the one kept with the object
    with act_as(user):
        return list(Report.objects.visible_to(user))


@pytest.mark.django_db
def test_a_report_holds_what_its_owner_may_see(
    thanh_hoa_centre: User, nghe_an_centre: User, thanh_hoa_officer: User, cuc_officer: User, partner: User
) -> None:
    here, there = make_project(thanh_hoa_centre), make_project(nghe_an_centre)
    of_so = make_project(thanh_hoa_officer)
    assert codes_in(thanh_hoa_officer) == codes_in(partner) == {here.code, of_so.code}
    assert codes_in(thanh_hoa_centre) == {here.code}
    assert codes_in(cuc_officer, "nation") == {here.code, there.code, of_so.code}
    assert codes_in(cuc_officer, "Nghệ An") == {there.code}


@pytest.mark.django_db
def test_a_centres_list_says_that_it_holds_the_centres_own_work_only(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    make_project(thanh_hoa_centre)
    told = "Chỉ gồm đề án do Trung tâm Khuyến công Thanh Hóa lập hoặc thực hiện"
    assert told in sheet_of(thanh_hoa_centre).words
    assert "Chỉ gồm" not in sheet_of(thanh_hoa_officer).words


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["nation", "Nghệ An"])
def test_nobody_asks_for_an_area_outside_their_scope(thanh_hoa_officer: User, where: str) -> None:
    with pytest.raises(PermissionRefused) as refused:
        ask(thanh_hoa_officer, where)
    assert refused.value.reason
    assert not Report.objects.exists()


@pytest.mark.django_db
def test_another_colleague_of_the_same_office_does_not_find_it(
    thanh_hoa_officer: User, thanh_hoa_leader: User, cuc_leader: User, auditor: User
) -> None:
    report = ask(thanh_hoa_officer)
    assert seen_by(thanh_hoa_officer) == [report]
    for other in (thanh_hoa_leader, cuc_leader, auditor):
        assert seen_by(other) == []
        client, address = signed_in(other), f"/bao-cao/{report.uuid}/"
        assert report.title not in client.get("/bao-cao/").content.decode()
        assert client.get(address).status_code == client.get(f"{address}tep/").status_code == 404
        assert (
            client.post(f"{address}huy/").status_code == client.post(f"{address}lap-lai/").status_code == 404
        )
        api = Api(other)
        assert api.get("/reports/").body["results"] == []
        for path in ("", "file/"):
            assert api.get(f"/reports/{report.uuid}/{path}").status == 404
        for path in ("cancel/", "retry/"):
            assert api.post(f"/reports/{report.uuid}/{path}").status == 404
    assert fresh(report).is_open


@pytest.mark.django_db
def test_the_database_itself_shows_a_report_to_its_owner_only(
    thanh_hoa_officer: User, thanh_hoa_leader: User, cuc_leader: User
) -> None:
    report = ask(thanh_hoa_officer)
    with act_as(thanh_hoa_officer):
        assert list(Report.objects.all()) == [report]
    for other in (thanh_hoa_leader, cuc_leader):
        with act_as(other):
            assert not Report.objects.exists()
            assert Report.objects.update(pct=99) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_report")
        assert cursor.fetchone() == (0,), "without a scope nothing is seen"


@pytest.mark.django_db
def test_nobody_can_put_a_report_under_another_persons_name(
    thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    forged = Report(
        owner=thanh_hoa_leader,
        kind=ReportKind.REGISTRATION_LIST,
        province=cast.province("Thanh Hóa"),
        params={"year": 2027, "purse": "KCQG", "stage": "all"},
    )
    with (
        act_as(thanh_hoa_officer),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        forged.save()


@real
def test_who_lost_the_post_finds_neither_report_nor_file(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    make_project(thanh_hoa_centre)
    report = made(ask(thanh_hoa_officer))
    client, address = signed_in(thanh_hoa_officer), f"/bao-cao/{report.uuid}/tep/"
    assert client.get(address).status_code == 200
    api = Api(thanh_hoa_officer)
    assert api.get(f"/reports/{report.uuid}/").status == 200
    end_posts(thanh_hoa_officer)
    assert client.get(address).status_code == 404
    assert api.get(f"/reports/{report.uuid}/file/").status == 404
    assert seen_by(thanh_hoa_officer) == []


@real
def test_who_kept_only_a_part_of_the_scope_may_not_fetch_the_whole(
    thanh_hoa_centre: User, thanh_hoa_officer: User, cuc_officer: User
) -> None:
    """From the Sở to one of its centres, from the Cục to one province: the old files hold more than that."""
    make_project(thanh_hoa_centre)
    of_province, of_nation = made(ask(thanh_hoa_officer)), made(ask(cuc_officer, "nation"))
    for user, role, office in (
        (thanh_hoa_officer, Role.IMPL, cast.centre_of("Thanh Hóa")),
        (cuc_officer, Role.SO_OFFICER, cast.so_of("Thanh Hóa")),
    ):
        end_posts(user)
        cast.give_post(user, role, office)
    assert seen_by(thanh_hoa_officer) == seen_by(cuc_officer) == []
    for user, report in ((thanh_hoa_officer, of_province), (cuc_officer, of_nation)):
        assert signed_in(user).get(f"/bao-cao/{report.uuid}/tep/").status_code == 404


@real
def test_who_rose_to_see_more_keeps_the_old_reports(thanh_hoa_centre: User) -> None:
    make_project(thanh_hoa_centre)
    report = made(ask(thanh_hoa_centre))
    assert report.office_ids and report.partial_ids and not report.whole_ids
    end_posts(thanh_hoa_centre)
    cast.give_post(thanh_hoa_centre, Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    assert seen_by(thanh_hoa_centre) == [report]
    end_posts(thanh_hoa_centre)
    cast.give_post(thanh_hoa_centre, Role.IMPL, cast.centre_of("Nghệ An"))
    assert seen_by(thanh_hoa_centre) == []


@real
def test_taking_a_file_out_is_on_record(thanh_hoa_officer: User) -> None:
    report = made(ask(thanh_hoa_officer))
    signed_in(thanh_hoa_officer).get(f"/bao-cao/{report.uuid}/tep/")
    with whole_country():
        entries = AuditEntry.objects.filter(object_type="reports.report").order_by("seq")
        assert list(entries.values_list("action", "actor")) == [
            ("reports.request", thanh_hoa_officer.pk),
            ("reports.download", thanh_hoa_officer.pk),
        ]


@pytest.mark.django_db
def test_a_persons_reach_of_an_area_is_told_apart(
    thanh_hoa_officer: User, thanh_hoa_centre: User, cuc_officer: User
) -> None:
    unit = area("Thanh Hóa")
    assert reach_of(thanh_hoa_officer, area_ids(unit)).partial_ids == []
    centre = reach_of(thanh_hoa_centre, area_ids(unit))
    assert (centre.whole_ids, centre.office_ids) == ([], [cast.centre_of("Thanh Hóa").pk])
    nation = reach_of(cuc_officer, None)
    units = AdminUnit.objects.filter(level__in=["nation", "province"])
    assert not nation.partial_ids and set(nation.whole_ids) == set(units.values_list("pk", flat=True))
