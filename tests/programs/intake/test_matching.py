"""A list sent again: new, changed, same, locked, absent; and what it may never do."""

from __future__ import annotations

import pytest

from accounts.models import User
from accounts.scope import act_as
from programs.drafting import DraftValues, LineValues, save_draft
from programs.lifecycle import Kind, Purse, Source, State
from programs.models import ActivityKind, Project
from tests.factories import MILLION, advance_to, attach_papers, make_project, take
from tests.programs.intake.books import Entry, Page, machine, xlsx
from tests.programs.intake.desk import (
    HOUSEHOLD,
    look,
    matches,
    page_of,
    project,
    projects,
    send,
    stage,
    statuses,
    upload,
)

pytestmark = pytest.mark.django_db


def labels(match: object) -> set[str]:
    return {str(change.label) for change in match.changes}  # type: ignore[attr-defined]


def test_a_first_list_is_all_new(thanh_hoa_centre: User) -> None:
    assert statuses(thanh_hoa_centre, machine(), machine("bàn", tax_code="9928000217")) == ["new", "new"]


def test_the_same_list_again_says_nothing_new(thanh_hoa_centre: User) -> None:
    entries = [
        machine(),
        machine("gốm", tax_code=HOUSEHOLD, time="Quý II/2027"),
        machine("nón", beneficiary="Hợp tác xã Nón Giả Định", tax_code=None, place=""),
        Entry("Đề án nhóm: chế biến nông sản", beneficiary="Sở lựa chọn sau", tax_code=None),
        machine("mây", beneficiary="HTX Một; HTX Hai", tax_code="9928000217; 9928000305"),
        machine("cói", other=100, own=250),
    ]
    assert send(thanh_hoa_centre, *entries).counts["created"] == len(entries)
    assert statuses(thanh_hoa_centre, *entries) == ["same"] * len(entries)


def test_changed_money_is_told_source_by_source(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    (match,) = matches(thanh_hoa_centre, machine(total=700, own=450))
    assert match.status == "changed"
    assert [(str(c.label), c.before, c.after, c.is_money) for c in match.changes] == [
        (str(Source.OWN.label), 350 * MILLION, 450 * MILLION, True)
    ]


@pytest.mark.parametrize(
    ("changed", "label"),
    [
        ({"time": "Tháng 04/2027 - 10/2027"}, "Bắt đầu"),
        ({"place": "Xã Nga Sơn, Tỉnh Thanh Hóa"}, "Xã, phường thực hiện"),
    ],
)
def test_changed_words_are_told_before_and_after(
    thanh_hoa_centre: User, changed: dict[str, str], label: str
) -> None:
    send(thanh_hoa_centre, machine())
    (match,) = matches(thanh_hoa_centre, machine(**changed))
    assert match.status == "changed"
    assert label in labels(match)
    assert all(change.before and change.after for change in match.changes)


def test_what_the_list_leaves_blank_erases_nothing(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    assert statuses(thanh_hoa_centre, machine(time=None, place=None, note=None)) == ["same"]


def test_a_blank_tax_code_still_finds_the_project_by_name_and_title(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    assert statuses(thanh_hoa_centre, machine(tax_code=None)) == ["same"]


def test_title_and_code_are_compared_as_people_read_them(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine("đồ gỗ", tax_code=HOUSEHOLD))
    (match,) = matches(thanh_hoa_centre, machine("ĐỒ  GỖ", tax_code=int(HOUSEHOLD)))
    assert match.status == "changed"
    assert labels(match) == {"Tên đề án"}


def test_another_title_of_the_same_firm_is_another_project(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    preview = look(upload(thanh_hoa_centre, machine("tủ bếp")), thanh_hoa_centre)
    assert [row.status for row in preview.rows] == ["new"]
    assert [absent.pk for absent in preview.absent] == [project(thanh_hoa_centre).pk]


def coded(page: Page, code: str) -> Page:
    """The list with a column of project codes."""
    return page.put(7, ["Mã đề án"], 14).merge(7, 14, 8, 14).put(11, [code], 14)


def test_the_code_finds_a_project_whose_title_and_firm_have_changed(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    code = project(thanh_hoa_centre).code
    renamed = machine("bàn ghế", beneficiary="Công ty TNHH Tên Mới Giả Định", tax_code="9928000217")
    preview = look(stage(thanh_hoa_centre, xlsx(coded(page_of(renamed), code))), thanh_hoa_centre)
    (row,) = preview.rows
    assert (row.status, row.project and row.project.code) == ("changed", code)
    assert {"Tên đề án", "Đơn vị thụ hưởng"} <= labels(row.match)
    assert preview.absent == []


def test_an_unknown_code_falls_back_on_firm_and_title(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    staged = stage(thanh_hoa_centre, xlsx(coded(page_of(machine()), "KCQG-2027-38-9999")))
    assert [row.status for row in look(staged, thanh_hoa_centre).rows] == ["same"]


def test_a_code_of_another_province_finds_nothing(thanh_hoa_centre: User, nghe_an_centre: User) -> None:
    foreign = make_project(nghe_an_centre)
    staged = stage(thanh_hoa_centre, xlsx(coded(page_of(machine()), foreign.code)))
    assert [row.status for row in look(staged, thanh_hoa_centre).rows] == ["new"]


def test_a_project_is_never_taken_by_two_rows(thanh_hoa_centre: User) -> None:
    twins = [machine(beneficiary=name, tax_code=None) for name in ("HTX A", "HTX B")]
    send(thanh_hoa_centre, *twins)
    found = [match.project for match in matches(thanh_hoa_centre, *reversed(twins))]
    assert [row.pk for row in found if row] == [row.pk for row in reversed(projects(thanh_hoa_centre))]


def submitted(actor: User) -> Project:
    """The only project there is, submitted."""
    only = project(actor)
    with act_as(actor):
        fields = {"counterpart_committed": True, "no_other_state_money": True, "necessity": "Máy cũ."}
        save_draft(only, DraftValues(fields=fields), actor=actor)
        attach_papers(only, actor)
        only.refresh_from_db()
        sector = {"sector": only.sector or _sector()}
        save_draft(only, DraftValues(fields=sector), actor=actor)
        only.refresh_from_db()
    return take("submit", only, actor)


def _sector() -> object:
    from programs.models import Sector

    return Sector.objects.filter(code="b").latest("id")


def test_a_submitted_dossier_is_locked_with_the_reason(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    submitted(thanh_hoa_centre)
    assert statuses(thanh_hoa_centre, machine()) == ["same"]
    (match,) = matches(thanh_hoa_centre, machine(total=700, own=450))
    assert (match.status, match.values) == ("locked", None)
    assert "đã nộp" in match.reason
    assert match.changes[0].after == 450 * MILLION


def test_a_returned_dossier_may_change_again(thanh_hoa_centre: User, thanh_hoa_officer: User) -> None:
    send(thanh_hoa_centre, machine())
    take("return", submitted(thanh_hoa_centre), thanh_hoa_officer, note="Bổ sung dự toán.")
    assert statuses(thanh_hoa_centre, machine(total=700, own=450)) == ["changed"]


def test_money_of_an_itemised_estimate_stays_with_the_dossier(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    only = project(thanh_hoa_centre)
    line = LineValues("Máy cưa", 600 * MILLION, {Source.KCQG: 250 * MILLION, Source.OWN: 350 * MILLION})
    with act_as(thanh_hoa_centre):
        save_draft(only, DraftValues(lines=[line]), actor=thanh_hoa_centre)
    (locked,) = matches(thanh_hoa_centre, machine(total=700, own=450))
    assert (locked.status, locked.values) == ("locked", None)
    assert "dự toán chi tiết" in locked.reason
    (partly,) = matches(thanh_hoa_centre, machine(total=700, own=450, time="Tháng 04/2027 - 10/2027"))
    assert partly.status == "changed"
    assert partly.values is not None
    assert partly.values.lines is None


def test_no_list_takes_a_flagship_back_to_an_ordinary_project(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    with act_as(thanh_hoa_centre):
        kind = DraftValues(fields={"kind": Kind.FLAGSHIP})
        save_draft(project(thanh_hoa_centre), kind, actor=thanh_hoa_centre)
    assert statuses(thanh_hoa_centre, machine()) == ["same"]


def test_an_activity_the_drafter_chose_outlives_the_proposal(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    with act_as(thanh_hoa_centre):
        other = ActivityKind.objects.filter(code="N3.5").latest("id")
        values = DraftValues(fields={"activity": other})
        save_draft(project(thanh_hoa_centre), values, actor=thanh_hoa_centre)
    assert statuses(thanh_hoa_centre, machine()) == ["same"]


def test_absent_are_the_offices_own_open_projects_of_the_same_purse(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    mine = make_project(thanh_hoa_centre)
    make_project(thanh_hoa_centre, purse=Purse.KCDP)
    make_project(thanh_hoa_centre, year=2026)
    make_project(thanh_hoa_officer)
    gone = make_project(thanh_hoa_centre)
    take("withdraw", gone, thanh_hoa_centre, note="Đơn vị xin rút.")
    assert [p.code for p in look(upload(thanh_hoa_centre), thanh_hoa_centre).absent] == [mine.code]


def test_the_project_of_a_row_in_error_is_not_called_absent(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    preview = look(upload(thanh_hoa_centre, machine(own=300)), thanh_hoa_centre)
    (row,) = preview.rows
    assert (row.status, row.project) == ("error", project(thanh_hoa_centre))
    assert preview.absent == []


def test_a_withdrawn_project_is_not_resurrected_by_its_name(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    take("withdraw", project(thanh_hoa_centre), thanh_hoa_centre, note="Đơn vị xin rút.")
    for entry in (machine(), machine(total=700, own=450)):
        (match,) = matches(thanh_hoa_centre, entry)
        assert (match.status, match.values) == ("locked", None)
        assert "lập đề án mới" in match.reason


def test_projects_of_the_province_that_others_drafted_are_seen_by_the_so_only(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project_of_centre = advance_to(
        make_project(thanh_hoa_centre), State.SUBMITTED_PROV, drafter=thanh_hoa_centre
    )
    title = machine()
    title.title = project_of_centre.title
    with act_as(thanh_hoa_centre):
        title.tax_code = project_of_centre.beneficiaries.get().establishment.tax_code
    assert statuses(thanh_hoa_officer, title) == ["locked"]
