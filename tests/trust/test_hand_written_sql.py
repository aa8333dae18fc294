"""What the database itself refuses to the runtime role, whoever writes the SQL: money, states, history."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Field

from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.scope import act_as
from programs import tranches
from programs.drafting import WRITABLE, DraftValues, ResultValues, ScheduleValues, save_draft
from programs.lifecycle import Purse, Source, State
from programs.models import Ceiling, Project, Tranche
from tests import cast
from tests.factories import MILLION, PAPER, advance_to, claim, make_project, open_tranche, take

pytestmark = pytest.mark.django_db

COMMIT = (
    "INSERT INTO programs_commitment (ceiling_id, project_id, tranche_id, source, kind, amount_vnd, at)"
    " VALUES (%(ceiling)s, %(project)s, %(tranche)s, 'KCQG', %(kind)s, %(amount)s, now())"
)
STEP = (
    "INSERT INTO programs_transition (project_id, version, action, source, target, actor_id, note, data,"
    " lent_as, paper_number, paper_signer, effective_on, recorded_at, content, verdicts)"
    " VALUES (%(project)s, {version}, 'x', '{source}', '{target}', %(actor)s, '', '{{}}', '', '', '',"
    " '2026-11-02', now(), '{{}}', '[]')"
)


def step(version: str, source: str, target: str) -> str:
    return STEP.format(version=version, source=source, target=target)


def move(target: str) -> str:
    return f"UPDATE programs_project SET state = '{target}', version = version + 1 WHERE id = %(project)s"


@pytest.fixture
def planned(thanh_hoa_centre: User) -> tuple[Project, Tranche]:
    """A national project of 250 million in a tranche under a ceiling of 400 million."""
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project, ceiling_vnd=400 * MILLION)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    return project, tranche


@pytest.fixture
def approved(planned: tuple[Project, Tranche], min_approver: User) -> tuple[Project, Tranche]:
    project, tranche = planned
    with act_as(min_approver):
        tranches.decide(tranche, actor=min_approver, paper=PAPER)
        project.refresh_from_db()
    return project, tranche


def refusal(actor: User, project: Project, tranche: Tranche, *statements: str, **values: Any) -> str:
    """What the database says to these statements at the end of their transaction; "" when it lets them."""
    with act_as(actor):
        settle()
        ceiling = Ceiling.objects.get(plan=project.plan_id)
        names: dict[str, Any] = {
            "project": project.pk,
            "tranche": tranche.pk,
            "ceiling": ceiling.pk,
            "actor": actor.pk,
            "amount": project.kcqg_vnd,
            "kind": "COMMIT",
        }
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement, names | values)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except DatabaseError as error:
            return str(error)
    return ""


def settle() -> None:
    """Check what was done so far, as the end of its own transaction would have."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_commitment_past_the_ceiling_is_refused(
    planned: tuple[Project, Tranche], min_approver: User
) -> None:
    assert "committed_within_ceiling" in refusal(min_approver, *planned, COMMIT, amount=401 * MILLION)


def test_money_is_held_once_a_project(approved: tuple[Project, Tranche], min_approver: User) -> None:
    assert "committed_once" in refusal(min_approver, *approved, COMMIT)
    assert "committed_once" in refusal(min_approver, *approved, COMMIT, amount=1)


def test_money_is_held_for_approved_projects_alone(
    planned: tuple[Project, Tranche], min_approver: User
) -> None:
    """Else anybody could use up a ceiling with money nobody decided."""
    assert "money_held_differs" in refusal(min_approver, *planned, COMMIT, amount=MILLION)


def test_an_approved_projects_money_cannot_be_released_and_spent_again(
    approved: tuple[Project, Tranche], min_approver: User
) -> None:
    assert "money_held_differs" in refusal(min_approver, *approved, COMMIT, kind="RELEASE")
    assert "release_differs" in refusal(min_approver, *approved, COMMIT, kind="RELEASE", amount=1)


def test_a_stopped_project_cannot_be_brought_back_by_its_old_step(
    approved: tuple[Project, Tranche], min_approver: User
) -> None:
    """Its money went back to the ceiling: approved again, it would be paid from nothing."""
    project, tranche = approved
    take("stop", project, min_approver, note="Cơ sở ngừng hoạt động.", paper=PAPER)
    assert "money_held_differs" in refusal(min_approver, project, tranche, move("APPROVED"))
    forged = step("(SELECT version FROM programs_project WHERE id = %(project)s)", "STOPPED", "APPROVED")
    assert "step_skips_approval" in refusal(min_approver, project, tranche, move("APPROVED"), forged)


def test_a_project_cannot_go_back_to_a_state_it_once_had(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    take("submit", project, thanh_hoa_centre)
    take("return", project, thanh_hoa_officer, note="Thiếu báo giá.")
    assert "state_needs_step" in refusal(thanh_hoa_centre, project, tranche, move("SUBMITTED_PROV"))
    assert "state_needs_step" in refusal(thanh_hoa_centre, project, tranche, move("DRAFT"))
    assert "state_needs_version" in refusal(
        thanh_hoa_centre,
        project,
        tranche,
        "UPDATE programs_project SET state = 'DRAFT' WHERE id = %(project)s",
    )


@pytest.mark.parametrize(
    ("version", "source", "target"),
    [
        ("999", "SUBMITTED_PROV", "REVIEW_PROV"),
        ("1", "DRAFT", "SUBMITTED_PROV"),
        ("2", "SUBMITTED_PROV", "SUBMITTED_PROV"),
        ("2", "REVIEW_PROV", "SUBMITTED_PROV"),
    ],
)
def test_history_has_no_room_for_an_invented_step(
    thanh_hoa_centre: User, version: str, source: str, target: str
) -> None:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    with act_as(thanh_hoa_centre):
        Project.objects.filter(pk=project.pk).update(version=2)
        project.refresh_from_db()
    take("submit", project, thanh_hoa_centre)
    assert project.version == 3
    invented = step(version, source, target)
    assert "step_out_of_line" in refusal(thanh_hoa_centre, project, tranche, invented)


def test_a_ceiling_keeps_its_plan_its_source_and_its_commitments(
    approved: tuple[Project, Tranche], min_approver: User
) -> None:
    for change, word in {
        "amount_vnd = 249000000": "committed_within_ceiling",
        "committed_vnd = 0": "balance_by_rows",
        "committed_vnd = committed_vnd + 1": "balance_by_rows",
        "source = 'OTHER'": "ceiling_identity_fixed",
    }.items():
        assert word in refusal(min_approver, *approved, f"UPDATE programs_ceiling SET {change}"), change
    assert "programs_commitment" in refusal(min_approver, *approved, "DELETE FROM programs_ceiling")


@pytest.mark.parametrize("source", Source.values)
def test_only_state_money_has_a_ceiling(
    planned: tuple[Project, Tranche], min_approver: User, source: str
) -> None:
    """The simulator and the commitment count state money alone."""
    insert = (
        "INSERT INTO programs_ceiling (plan_id, source, amount_vnd, committed_vnd, document_number)"
        f" VALUES ({planned[0].plan_id}, '{source}', 1, 0, '')"
    )
    word = {"KCQG": "one_ceiling_a_source", "KCDP": ""}.get(source, "ceiling_of_state_money")
    assert word in refusal(min_approver, *planned, insert)


SMUGGLER = (
    "CREATE TEMP TABLE smuggler (id int)",
    "CREATE FUNCTION pg_temp.smuggle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {change}; RETURN NULL;"
    " END $$",
    "CREATE TRIGGER smuggle AFTER INSERT ON smuggler FOR EACH ROW EXECUTE FUNCTION pg_temp.smuggle()",
    "INSERT INTO smuggler VALUES (1)",
)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("UPDATE programs_ceiling SET committed_vnd = 0", "balance_by_rows"),
        ("UPDATE programs_project SET kcqg_vnd = 1 WHERE state = 'DRAFT'", "budget_locked"),
    ],
)
def test_a_trigger_of_ones_own_does_not_count_as_the_databases(
    approved: tuple[Project, Tranche], thanh_hoa_centre: User, min_approver: User, change: str, word: str
) -> None:
    make_project(thanh_hoa_centre)
    statements = [statement.replace("{change}", change) for statement in SMUGGLER]
    assert word in refusal(min_approver, *approved, *statements)


def test_a_temporary_table_cannot_stand_in_for_the_budget(
    thanh_hoa_centre: User, planned: tuple[Project, Tranche]
) -> None:
    draft = make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE programs_budgetline ON COMMIT DROP AS SELECT * FROM programs_budgetline"
        )
        cursor.execute("UPDATE pg_temp.programs_budgetline SET total_vnd = 1")
        cursor.execute(
            "UPDATE public.programs_budgetamount a SET amount_vnd = amount_vnd + 1"
            " FROM public.programs_budgetline l"
            " WHERE l.id = a.line_id AND l.project_id = %s AND source = %s",
            [draft.pk, Source.KCQG],
        )
        cursor.execute("SELECT kcqg_vnd, total_vnd FROM programs_project WHERE id = %s", [draft.pk])
        assert cursor.fetchone() == (250 * MILLION + 1, 600 * MILLION)


# --- the dossier, once handed in

ROWS = {
    "programs_budgetline": "description = 'Khác', supported = NOT supported",
    "programs_budgetamount": "amount_vnd = amount_vnd + 1",
    "programs_projectbeneficiary": "site_id = NULL",
    "programs_scheduleitem": "content = 'Khác'",
    "programs_expectedresult": "value = '1'",
    "programs_attachment": "name = 'khac.pdf'",
}


def make_full_project(drafter: User) -> Project:
    """A draft with a row of every kind."""
    project = make_project(drafter)
    schedule, results = [ScheduleValues("Lắp máy")], [ResultValues("Lao động", "20", "người")]
    with act_as(drafter):
        return save_draft(project, DraftValues(schedule=schedule, results=results), actor=drafter)


def copy_of(table: str) -> str:
    """An INSERT of a row like the one there is."""
    return (
        f"INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object('id', 900000,"
        f" 'uuid', gen_random_uuid(), 'source', 'OTHER', 'establishment_id', 0))).* FROM {table} t LIMIT 1"
    )


@pytest.mark.parametrize("table", ROWS)
def test_the_rows_of_a_dossier_are_closed_from_handing_in_to_the_end(
    thanh_hoa_centre: User,
    thanh_hoa_officer: User,
    thanh_hoa_leader: User,
    cuc_officer: User,
    cuc_leader: User,
    min_approver: User,
    table: str,
) -> None:
    project = make_full_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    change, remove, add = f"UPDATE {table} SET {ROWS[table]}", f"DELETE FROM {table}", copy_of(table)
    assert all(int(tried(thanh_hoa_centre, statement)) for statement in (change, remove, add))

    def closed() -> bool:
        said = [str(tried(thanh_hoa_leader, statement)) for statement in (change, remove, add)]
        return all("dossier_closed" in words for words in said)

    road = {"submit": thanh_hoa_centre, "receive": thanh_hoa_officer, "pass": thanh_hoa_leader}
    for action, actor in road.items():
        take(action, project, actor)
        assert closed(), project.state
    for action, actor in {"register": thanh_hoa_officer, "receive": cuc_officer, "pass": cuc_leader}.items():
        take(action, project, actor)
        assert closed(), project.state
    take("plan", project, cuc_officer, tranche=tranche)
    with act_as(min_approver):
        tranches.decide(tranche, actor=min_approver, paper=PAPER)
    assert closed()


def test_a_row_cannot_be_moved_into_or_out_of_a_dossier_that_is_closed(thanh_hoa_centre: User) -> None:
    closed, open_ = make_full_project(thanh_hoa_centre), make_full_project(thanh_hoa_centre)
    take("submit", closed, thanh_hoa_centre)
    for source, target in ((closed, open_), (open_, closed)):
        for table in set(ROWS) - {"programs_budgetamount"}:
            other = ", establishment_id = 0" if table == "programs_projectbeneficiary" else ""
            change = f"UPDATE {table} SET project_id = {target.pk}{other} WHERE project_id = {source.pk}"
            assert "dossier_closed" in str(tried(thanh_hoa_centre, change)), table
        change = (
            "UPDATE programs_budgetamount a SET source = 'OTHER', line_id = there.id"
            " FROM programs_budgetline here, programs_budgetline there WHERE a.line_id = here.id"
            f" AND a.source = 'OWN' AND here.project_id = {source.pk} AND there.project_id = {target.pk}"
        )
        assert "dossier_closed" in str(tried(thanh_hoa_centre, change))


@pytest.mark.parametrize("column", sorted(WRITABLE | {"owner", "created_by", "uuid"}))
def test_what_a_drafter_may_write_is_closed_once_approved(
    approved: tuple[Project, Tranche], thanh_hoa_leader: User, column: str
) -> None:
    field = Project._meta.get_field(column)
    assert isinstance(field, Field)
    other = {
        "BooleanField": f"NOT {field.column}",
        "DateField": f"coalesce({field.column}, '2027-03-01') + 1",
        "ForeignKey": f"coalesce({field.column} + 1, 1)",
        "UUIDField": "gen_random_uuid()",
    }.get(field.get_internal_type(), "'d'")
    change = f"UPDATE programs_project SET {field.column} = {other}"
    assert "dossier_closed" in str(tried(thanh_hoa_leader, change))


def test_what_the_portal_itself_goes_on_writing_is_free(
    approved: tuple[Project, Tranche], thanh_hoa_leader: User
) -> None:
    change = "due_on = '2027-01-01', due_why = 'x', annex_order = 9, updated_at = now(), title_folded = 'x'"
    assert tried(thanh_hoa_leader, f"UPDATE programs_project SET {change}") == 1


# --- a province's session, and one of nobody, at the nation's money

NATIONAL = {
    "programs_yearplan": (
        "year = 2099",
        "(uuid, purse, year, province_id)",
        "(gen_random_uuid(), 'KCQG', 2098, {home})",
    ),
    "programs_ceiling": (
        "amount_vnd = amount_vnd + 1",
        "(plan_id, source, amount_vnd, committed_vnd, document_number)",
        "({plan}, 'KCDP', 1, 0, '')",
    ),
    "programs_tranche": (
        "version = version + 1, decision_number = 'x'",
        "(uuid, plan_id, number, state, version, decision_number, decision_signer, notice_number, carried)",
        "(gen_random_uuid(), {plan}, 99, 'DRAFT', 1, '', '', '', false)",
    ),
}
"""For each table a province reads of the nation: what it may not write there."""
QUIET = "SET LOCAL kc.scope = '{}'"


def tried(actor: User, statement: str, *before: str) -> int | str:
    """How many rows this person's session reached, or why it was refused; nothing of it stays."""
    with act_as(actor), transaction.atomic():
        try:
            with connection.cursor() as cursor:
                for each in (*before, statement):
                    cursor.execute(each)
                return int(cursor.rowcount)
        except DatabaseError as error:
            return str(error)
        finally:
            transaction.set_rollback(True)


@pytest.mark.parametrize("table", NATIONAL)
def test_a_province_reads_national_rows_and_writes_none(
    planned: tuple[Project, Tranche], thanh_hoa_leader: User, cuc_leader: User, table: str
) -> None:
    project, _tranche = planned
    change, columns, row = NATIONAL[table]
    # Even a national plan of its own making would be one for all offices.
    insert = (
        f"INSERT INTO {table} {columns} VALUES {row.format(plan=project.plan_id, home=project.province_id)}"
    )
    assert tried(thanh_hoa_leader, f"SELECT 1 FROM {table}") == 1
    assert tried(thanh_hoa_leader, f"UPDATE {table} SET {change}") == 0
    assert tried(thanh_hoa_leader, f"DELETE FROM {table}") == 0
    assert "row-level security" in str(tried(thanh_hoa_leader, insert))
    assert tried(cuc_leader, f"UPDATE {table} SET {change}") == 1
    if table != "programs_yearplan":  # there is one already, and none but the nation's
        assert tried(cuc_leader, insert) == 1


@pytest.mark.parametrize("table", NATIONAL)
def test_a_session_of_nobody_sees_and_writes_no_plan(
    planned: tuple[Project, Tranche], cuc_leader: User, table: str
) -> None:
    project, _tranche = planned
    change, columns, row = NATIONAL[table]
    insert = (
        f"INSERT INTO {table} {columns} VALUES {row.format(plan=project.plan_id, home=project.province_id)}"
    )
    assert tried(cuc_leader, f"SELECT 1 FROM {table}", QUIET) == 0
    assert tried(cuc_leader, f"SELECT 1 FROM {table}event", QUIET) == 0
    assert tried(cuc_leader, f"UPDATE {table} SET {change}", QUIET) == 0
    assert tried(cuc_leader, f"DELETE FROM {table}", QUIET) == 0
    assert "row-level security" in str(tried(cuc_leader, insert, QUIET))
    assert tried(cuc_leader, "SELECT kc_recompose(array(SELECT id FROM programs_tranche))", QUIET) == 0


def test_the_first_draft_of_a_year_opens_the_nations_plan_and_no_other_provinces(
    thanh_hoa_centre: User, nghe_an_centre: User
) -> None:
    make_project(thanh_hoa_centre)
    insert = (
        "INSERT INTO programs_yearplan (uuid, purse, year, province_id) SELECT gen_random_uuid(), '{purse}',"
        " 2098, id FROM vietnam_adminunit WHERE {where} LIMIT 1"
    )
    here, there = (
        f"id = {user.memberships.get().organisation.province_id}"
        for user in (thanh_hoa_centre, nghe_an_centre)
    )
    for purse, where in (("KCQG", "level = 'nation'"), ("KCDP", here)):
        assert tried(thanh_hoa_centre, insert.format(purse=purse, where=where)) == 1
    for purse, where in (("KCQG", there), ("KCDP", there), ("KCDP", "level = 'nation'")):
        assert "row-level security" in str(tried(thanh_hoa_centre, insert.format(purse=purse, where=where)))


def test_a_provinces_plan_cannot_be_made_a_national_one(
    thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    make_project(thanh_hoa_centre, purse=Purse.KCDP)
    nation = "(SELECT id FROM vietnam_adminunit WHERE level = 'nation')"
    for change in ("purse = 'KCQG'", f"purse = 'KCQG', province_id = {nation}", f"province_id = {nation}"):
        change = f"UPDATE programs_yearplan SET {change} WHERE purse = 'KCDP'"
        assert "row-level security" in str(tried(thanh_hoa_leader, change))


def test_a_province_cannot_use_up_the_nations_ceiling(
    planned: tuple[Project, Tranche], thanh_hoa_leader: User
) -> None:
    assert "row-level security" in refusal(thanh_hoa_leader, *planned, COMMIT)
    forged = (
        move("APPROVED"),
        step("(SELECT version FROM programs_project WHERE id = %(project)s)", "IN_PLAN", "APPROVED"),
    )
    assert "money_held_differs" in refusal(thanh_hoa_leader, *planned, *forged)


def test_of_a_national_tranche_a_province_moves_the_version_alone_and_only_with_a_project_in_it(
    planned: tuple[Project, Tranche], thanh_hoa_officer: User, nghe_an_officer: User
) -> None:
    project, tranche = planned
    touch = f"SELECT * FROM kc_recompose('{{{tranche.pk}}}')"
    assert tried(thanh_hoa_officer, touch) == 1
    assert tried(nghe_an_officer, touch) == 0
    with act_as(thanh_hoa_officer):
        seen = Tranche.objects.get(pk=tranche.pk).version
    take("withdraw", project, thanh_hoa_officer, note="Cơ sở không còn nhu cầu.")
    with act_as(thanh_hoa_officer):
        assert Tranche.objects.get(pk=tranche.pk).version == seen + 1
    assert tried(thanh_hoa_officer, touch) == 0


def test_programmes_are_read_only(thanh_hoa_leader: User) -> None:
    assert "permission denied" in str(tried(thanh_hoa_leader, "UPDATE programs_programme SET name = 'x'"))


# --- rulings on claims of priority

RULING = (
    "INSERT INTO programs_claimruling (uuid, project_id, version, predicate, fingerprint, accepted, reason,"
    " office_id, actor_id, at) SELECT gen_random_uuid(), id, version + {later}, 'export', '', true, '',"
    " {office}, {actor}, now() FROM programs_project"
)
APPRAISING = (
    "INSERT INTO programs_participation (project_id, user_id, duty, since)"
    " SELECT id, {actor}, 'APPRAISE', now() FROM programs_project"
)


def ruled(actor: User, office: Organisation, *before: str, later: int = 0) -> int | str:
    return tried(actor, RULING.format(later=later, office=office.pk, actor=actor.pk), *before)


def test_a_claim_is_ruled_on_by_who_reviews_its_dossier_as_it_stands_alone(
    thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User, cuc_officer: User
) -> None:
    project = make_project(thanh_hoa_centre, claims=[claim("export")])
    department, centre, agency = cast.so_of("Thanh Hóa"), cast.centre_of("Thanh Hóa"), cast.cuc()
    appraises = {
        user: f"{APPRAISING.format(actor=user.pk)} ON CONFLICT DO NOTHING"
        for user in (thanh_hoa_officer, thanh_hoa_leader, cuc_officer)
    }

    def may(user: User, office: Organisation) -> bool:
        said = ruled(user, office, appraises[user])
        assert said == 1 or "ruling_by_stranger" in str(said)
        return said == 1

    assert not may(thanh_hoa_officer, department)  # a draft
    take("submit", project, thanh_hoa_centre)
    assert not may(thanh_hoa_officer, department)
    take("receive", project, thanh_hoa_officer)
    assert may(thanh_hoa_officer, department)
    assert not may(thanh_hoa_officer, agency) and not may(thanh_hoa_officer, centre)
    assert not may(cuc_officer, agency)
    assert "ruling_by_stranger" in str(ruled(thanh_hoa_leader, department))  # on record as nothing
    for later in (-1, 1):
        assert "ruling_by_stranger" in str(
            ruled(thanh_hoa_officer, department, appraises[thanh_hoa_officer], later=later)
        )
    take("pass", project, thanh_hoa_leader)
    assert not may(thanh_hoa_officer, department)
    take("register", project, thanh_hoa_officer)
    take("receive", project, cuc_officer)
    assert may(cuc_officer, agency)
    assert not may(thanh_hoa_officer, department)


def test_who_drafts_a_dossier_rules_on_no_claim_of_it_whatever_posts_they_hold(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = make_project(thanh_hoa_centre, claims=[claim("export")])
    department, centre = cast.so_of("Thanh Hóa"), cast.centre_of("Thanh Hóa")
    own_post = cast.give_post(thanh_hoa_centre, Role.SO_LEADER, department)
    drafter = User.objects.get(pk=own_post.user_id)
    for action, actor in (("", drafter), ("submit", drafter), ("receive", thanh_hoa_officer)):
        if action:
            take(action, project, actor)
        for office in (department, centre):
            assert "ruling_by_stranger" in str(ruled(drafter, office))
    assert "one_duty_a_person_a_project" in str(tried(drafter, APPRAISING.format(actor=drafter.pk)))
    table = "CREATE TEMP TABLE programs_participation AS SELECT id project_id, "
    row = f"{drafter.pk} user_id, 'APPRAISE' duty FROM programs_project"
    assert "ruling_by_stranger" in str(ruled(drafter, department, table + row))
