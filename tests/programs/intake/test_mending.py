"""Corrections in the grid: each is checked again at once, none is guessed, none is half kept."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.scope import act_as
from programs.intake.model import ImportRow, Workbook
from programs.intake.stage import mend_rows, workbook_of
from programs.lifecycle import State
from records.models import StagedImport
from tests.factories import MILLION, advance_to, make_project
from tests.programs.intake.books import Entry, machine, xlsx
from tests.programs.intake.conftest import codes, sheet_codes
from tests.programs.intake.desk import HOUSEHOLD, look, mend, page_of, stage, upload

pytestmark = pytest.mark.django_db


def mended(actor: User, entry: Entry, **changes: str) -> ImportRow:
    """The row of a list with one project after one correction."""
    (row,) = mend(
        upload(actor, entry), actor, **{f"row_0_{name}": value for name, value in changes.items()}
    ).rows
    return row


def refusals(staged: StagedImport, actor: User, **changes: str) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        mend(staged, actor, **changes)
    return refused.value.message_dict


def test_a_chosen_activity_stays_and_is_judged_by_its_own_norm(thanh_hoa_centre: User) -> None:
    over = machine(total=2400, kcqg=350, own=2050)
    row = mended(thanh_hoa_centre, over, activity="N3.5")
    assert (row.activity, row.activity_chosen) == ("N3.5", True)
    assert "norm_cap" not in codes(row)


def test_an_unknown_activity_is_refused_at_its_field(thanh_hoa_centre: User) -> None:
    found = refusals(upload(thanh_hoa_centre), thanh_hoa_centre, row_0_activity="N99")
    assert list(found) == ["row-0-activity"]


def test_a_new_title_is_proposed_anew_unless_somebody_chose(thanh_hoa_centre: User) -> None:
    training = "Đào tạo nghề may cho 35 lao động"
    assert mended(thanh_hoa_centre, machine(), title=training).activity == "N1"
    assert mended(thanh_hoa_centre, machine(), title=training, activity="N3.3").activity == "N1"
    assert mended(thanh_hoa_centre, machine(), title=training, activity="N6").activity == "N6"


def test_money_that_now_adds_up_makes_the_row_ready(thanh_hoa_centre: User) -> None:
    row = mended(thanh_hoa_centre, machine(own=300), own_vnd="350.000.000")
    assert (row.severity, row.money.own) == ("ready", 350 * MILLION)


def test_money_that_no_longer_adds_up_is_an_error_again(thanh_hoa_centre: User) -> None:
    row = mended(thanh_hoa_centre, machine(), own_vnd="1 tỷ")
    assert codes(row) == {"sum_mismatch"}


def test_amounts_are_in_the_unit_the_page_shows(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(own=300))
    (row,) = mend(staged, thanh_hoa_centre, row_0_own_vnd="350", unit="trieu").rows
    assert (row.money.own, codes(row)) == (350 * MILLION, set())


@pytest.mark.parametrize("text", ["ba trăm", "1.2", "-5", "0,5"])
def test_an_amount_nobody_can_be_sure_of_is_refused_and_nothing_kept(
    thanh_hoa_centre: User, text: str
) -> None:
    staged = upload(thanh_hoa_centre)
    found = refusals(staged, thanh_hoa_centre, row_0_own_vnd=text, row_0_title="Tên mới")
    assert list(found) == ["row-0-own_vnd"]
    with act_as(thanh_hoa_centre):
        staged.refresh_from_db()
    assert (staged.version, workbook_of(staged).rows[0].title) == (1, machine().title)


def test_every_bad_entry_is_named_at_once(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(), machine("bàn", tax_code="9928000217"))
    found = refusals(
        staged, thanh_hoa_centre, row_0_own_vnd="?", row_1_title="x" * 501, row_1_beneficiary="y" * 256
    )
    assert set(found) == {"row-0-own_vnd", "row-1-title", "row-1-beneficiary"}


def test_a_blank_does_not_turn_an_unread_cell_into_nothing(thanh_hoa_centre: User) -> None:
    row = mended(thanh_hoa_centre, machine(kcqg="hai trăm"), kcqg_vnd="", title="Tên mới")
    assert (row.title, codes(row), row.unread) == ("Tên mới", {"unreadable_cell"}, frozenset({"kcqg"}))


def test_a_number_for_an_unread_cell_answers_it(thanh_hoa_centre: User) -> None:
    row = mended(thanh_hoa_centre, machine(kcqg="hai trăm"), kcqg_vnd="250000000")
    assert (row.severity, row.money.kcqg, row.purse) == ("ready", 250 * MILLION, "KCQG")


def test_an_explicit_nothing_for_an_unread_cell_counts(thanh_hoa_centre: User) -> None:
    row = mended(thanh_hoa_centre, machine(kcqg="x", total=350), kcqg_vnd="-")
    assert (row.unread, row.money.kcqg, codes(row)) == (frozenset(), 0, set())


def test_a_row_without_a_unit_is_settled_once_its_sources_add_up(thanh_hoa_centre: User) -> None:
    data = xlsx(page_of(machine(), machine("bàn", tax_code="9928000217"), unit=""))
    staged = stage(thanh_hoa_centre, data)
    first, _second = workbook_of(staged).rows
    assert "unknown_money_unit" in codes(first)
    partly, second = mend(
        staged, thanh_hoa_centre, row_0_total_vnd="600", row_0_kcqg_vnd="250", unit="trieu"
    ).rows
    assert "unknown_money_unit" in codes(partly)
    first, second = mend(staged, thanh_hoa_centre, row_0_own_vnd="350", unit="trieu").rows
    assert (first.severity, first.money.total) == ("ready", 600 * MILLION)
    assert "unknown_money_unit" in codes(second)


UNITLESS = (machine(), machine("bàn", tax_code="9928000217"))
MONEY = {"total": 600 * MILLION, "kcqg": 250 * MILLION, "kcdp": 0, "own": 350 * MILLION, "other": 0}


def test_a_sheet_without_a_unit_is_read_again_in_the_unit_chosen_for_it(thanh_hoa_centre: User) -> None:
    staged = stage(thanh_hoa_centre, xlsx(page_of(*UNITLESS, unit="")))
    workbook = mend(staged, thanh_hoa_centre, sheet_0_unit="trieu", row_1_total_vnd="", row_1_title="Tên mới")
    first, second = workbook.rows
    assert (first.severity, first.money.to_json()) == ("ready", MONEY)
    assert (second.severity, second.title, second.money.to_json()) == ("ready", "Tên mới", MONEY)
    whole = workbook_of(stage(thanh_hoa_centre, xlsx(page_of(*UNITLESS))))
    assert workbook.sums == whole.sums
    assert workbook.sheet_problems == whole.sheet_problems


def test_the_unit_of_a_sheet_may_be_chosen_again_and_spares_what_was_typed(thanh_hoa_centre: User) -> None:
    staged = stage(thanh_hoa_centre, xlsx(page_of(*UNITLESS, unit="")))
    wrong = mend(staged, thanh_hoa_centre, sheet_0_unit="dong")
    assert [codes(row) for row in wrong.rows] == [{"unknown_money_unit"}] * 2
    typed = {"row_0_total_vnd": "500", "row_0_kcqg_vnd": "200", "row_0_own_vnd": "300"}
    mend(staged, thanh_hoa_centre, **typed, unit="trieu")
    first, second = mend(staged, thanh_hoa_centre, sheet_0_unit="trieu").rows
    assert (first.money.total, first.severity) == (500 * MILLION, "ready")
    assert second.money.to_json() == MONEY
    unchanged = staged.version
    mend(staged, thanh_hoa_centre, sheet_0_unit="trieu")
    assert staged.version == unchanged


def test_only_a_sheet_that_states_no_unit_is_given_one(thanh_hoa_centre: User) -> None:
    pages = [page_of(UNITLESS[0], name="A"), page_of(UNITLESS[1], name="B", unit="")]
    staged = stage(thanh_hoa_centre, xlsx(*pages))
    for name, value in (("sheet_0_unit", "dong"), ("sheet_1_unit", "ty"), ("sheet_7_unit", "trieu")):
        with pytest.raises(ValidationError):
            mend(staged, thanh_hoa_centre, **{name: value})
    first, second = mend(staged, thanh_hoa_centre, sheet_1_unit="trieu").rows
    assert first.money.to_json() == second.money.to_json() == MONEY


def test_an_implausible_total_is_an_error_in_the_grid_too(thanh_hoa_centre: User) -> None:
    row = mended(thanh_hoa_centre, machine(), total_vnd="600", kcqg_vnd="250", own_vnd="350")
    assert codes(row) == {"unknown_money_unit"}


def test_the_proposed_fix_is_one_press(thanh_hoa_centre: User) -> None:
    over = machine(total=2400, kcqg=350, own=2050)
    row = mended(thanh_hoa_centre, over, fix="norm_cap")
    assert (row.money.kcqg, row.money.own, codes(row)) == (300 * MILLION, 2100 * MILLION, set())


def test_a_fix_does_not_overrule_what_was_typed_with_it(thanh_hoa_centre: User) -> None:
    over = machine(total=2400, kcqg=350, own=2050)
    row = mended(thanh_hoa_centre, over, fix="norm_cap", kcqg_vnd="200000000", own_vnd="2200000000")
    assert (row.money.kcqg, row.money.own) == (200 * MILLION, 2200 * MILLION)


def test_a_beneficiary_answers_the_missing_one(thanh_hoa_centre: User) -> None:
    nobody = machine(beneficiary="", tax_code=None)
    assert mended(thanh_hoa_centre, nobody, beneficiary="HTX Mới Giả Định").severity == "ready"


def test_chosen_later_makes_the_row_a_group_project(thanh_hoa_centre: User) -> None:
    row = mended(thanh_hoa_centre, machine(beneficiary="", tax_code=None), beneficiary="Sở lựa chọn sau")
    assert (row.group_project, codes(row)) == (True, set())


def test_a_taken_away_title_or_beneficiary_is_missed_again(thanh_hoa_centre: User) -> None:
    assert codes(mended(thanh_hoa_centre, machine(), title="")) == {"unreadable_cell"}
    assert codes(mended(thanh_hoa_centre, machine(), beneficiary="")) == {"missing_beneficiary"}


def test_a_title_that_is_too_long_stays_an_error_until_it_is_shorter(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine("gỗ " * 200))
    (row,) = mend(staged, thanh_hoa_centre, row_0_beneficiary="HTX Khác").rows
    assert codes(row) == {"unreadable_cell"}
    (row,) = mend(staged, thanh_hoa_centre, row_0_title="Máy cưa gỗ").rows
    assert codes(row) == set()


def test_a_tax_code_is_checked_and_its_mask_sent_back_is_no_change(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(tax_code=HOUSEHOLD))
    (row,) = mend(staged, thanh_hoa_centre, row_0_tax_code="038******234").rows
    assert (row.tax_digits, staged.version) == (HOUSEHOLD, 1)
    (row,) = mend(staged, thanh_hoa_centre, row_0_tax_code="9928000105").rows
    assert codes(row) == {"bad_tax_code"}
    (row,) = mend(staged, thanh_hoa_centre, row_0_tax_code="9928000104").rows
    assert (codes(row), row.tax_personal) == (set(), False)


def test_a_doubtful_personal_number_is_warned_about_masked(thanh_hoa_centre: User) -> None:
    row = mended(thanh_hoa_centre, machine(), tax_code="380990012345")
    (problem,) = row.problems
    assert "380990012345" not in problem.message
    assert "380******345" in problem.message


def test_a_place_gets_its_official_name(thanh_hoa_centre: User) -> None:
    row = mended(thanh_hoa_centre, machine(place="Xã Bịa Đặt"), place="xa nga son")
    assert (row.commune, row.unit_id is not None, codes(row)) == ("Xã Nga Sơn", True, set())
    row = mended(thanh_hoa_centre, machine(), place="Xã Lục Ngạn, Tỉnh Bắc Ninh")
    assert codes(row) == {"wrong_province"}


def test_a_schedule_is_read_or_refused(thanh_hoa_centre: User) -> None:
    row = mended(thanh_hoa_centre, machine(time="=A1"), schedule="Quý II/2027")
    assert (str(row.starts_on), str(row.ends_on), codes(row)) == ("2027-04-01", "2027-06-30", set())
    found = refusals(upload(thanh_hoa_centre), thanh_hoa_centre, row_0_schedule="sau Tết")
    assert list(found) == ["row-0-schedule"]


def test_a_double_is_undone_by_telling_the_rows_apart(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(), machine())
    assert [codes(row) for row in workbook_of(staged).rows] == [set(), {"duplicate_row"}]
    rows = mend(staged, thanh_hoa_centre, row_1_tax_code="9928000217").rows
    assert [codes(row) for row in rows] == [set(), set()]
    rows = mend(staged, thanh_hoa_centre, row_1_tax_code="9928000104").rows
    assert [codes(row) for row in rows] == [set(), {"duplicate_row"}]


def sums(workbook: Workbook) -> list[bool]:
    return [stated.agrees for stated in workbook.sums]


def test_the_sheets_own_sums_are_held_against_the_mended_rows(thanh_hoa_centre: User) -> None:
    page = page_of(machine(), machine("bàn", tax_code="9928000217", own=300))
    page.cells[13, 8], page.cells[13, 11] = 1200, 700
    page.cells[10, 11] = 700
    staged = stage(thanh_hoa_centre, xlsx(page))
    assert sums(workbook_of(staged)) == [False, False]
    right = mend(staged, thanh_hoa_centre, row_1_own_vnd="350000000")
    assert (sums(right), sheet_codes(right)) == ([True, True], [])
    wrong = mend(staged, thanh_hoa_centre, row_1_own_vnd="340000000", row_1_total_vnd="590000000")
    assert (sums(wrong), sheet_codes(wrong)) == ([False, False], ["sum_mismatch", "sum_mismatch"])
    assert "690.000.000" in wrong.sheet_problems[0].message


def test_the_year_is_taken_once_and_everything_judged_by_its_law(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(time="Quý II", total=2400, kcqg=350, own=2050), year=None)
    for wrong in ("1999", "20277", "năm tới", "2013"):
        assert list(refusals(staged, thanh_hoa_centre, year=wrong)) == ["year"]
    workbook = mend(staged, thanh_hoa_centre, year="2027")
    assert (workbook.year, staged.year, codes(workbook.rows[0])) == (2027, 2027, {"norm_cap"})


def test_the_own_dossier_is_no_double_funding_once_the_year_is_known(thanh_hoa_centre: User) -> None:
    mine = advance_to(make_project(thanh_hoa_centre), State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        firm = mine.beneficiaries.get().establishment
    entry = machine(beneficiary=firm.name, tax_code=firm.tax_code, time="Quý II")
    entry.title = mine.title
    staged = upload(thanh_hoa_centre, entry, year=None)
    assert codes(workbook_of(staged).rows[0]) == {"double_funding"}
    assert codes(mend(staged, thanh_hoa_centre, year="2027").rows[0]) == set()


def test_a_correction_upon_an_older_version_is_refused(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre)
    mend(staged, thanh_hoa_centre, row_0_beneficiary="HTX Một")
    assert staged.version == 2
    for version in (1, "1", "", "x"):
        with pytest.raises(ValidationError) as stale, act_as(thanh_hoa_centre):
            changes = {"version": version, "row-0-beneficiary": "HTX Hai"}
            mend_rows(staged, changes, actor=thanh_hoa_centre)
        assert stale.value.code == "stale"
    assert workbook_of(staged).rows[0].beneficiary == "HTX Một"


def test_entries_for_rows_or_fields_that_are_not_there_do_nothing(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        changes = {"version": 1, "row-7-title": "x", "row-0-purse": "KCDP", "row-0-severity": "ready"}
        assert mend_rows(staged, changes, actor=thanh_hoa_centre) == 0
    assert staged.version == 1


def test_mending_costs_the_same_for_any_number_of_rows(thanh_hoa_centre: User) -> None:
    def cost(count: int) -> int:
        entries = [machine(f"món {n}", beneficiary=f"HTX {n}", tax_code=None) for n in range(count)]
        staged = upload(thanh_hoa_centre, *entries)
        changes = {f"row-{n}-own_vnd": "340000000" for n in range(count)}
        with act_as(thanh_hoa_centre), CaptureQueriesContext(connection) as queries:
            mend_rows(staged, {"version": 1, **changes}, actor=thanh_hoa_centre)
        return len(queries)

    assert cost(2) == cost(8)


def test_the_preview_masks_a_households_number(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(tax_code=HOUSEHOLD))
    (row,) = look(staged, thanh_hoa_centre).rows
    assert row.shown_tax_code == "038******234"
