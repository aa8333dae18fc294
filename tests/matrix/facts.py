"""Raw rows of the world, read as plain SQL: the matrix compares with these, never with ``visible_to``."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import connection

from records import context

Row = dict[str, Any]

SQL = {
    "project": "SELECT p.*, t.uuid AS tranche_uuid FROM programs_project p"
    " LEFT JOIN programs_tranche t ON t.id = p.tranche_id",
    "plan": "SELECT p.*, coalesce(c.amount_vnd, 0) AS ceiling_vnd FROM programs_yearplan p"
    " LEFT JOIN programs_ceiling c ON c.plan_id = p.id AND c.source = p.purse",
    "tranche": "SELECT t.*, p.purse, p.province_id, p.year, p.uuid AS plan_uuid FROM programs_tranche t"
    " JOIN programs_yearplan p ON p.id = t.plan_id",
    "decided": "SELECT t.*, p.purse, p.province_id FROM programs_tranche t"
    " JOIN programs_yearplan p ON p.id = t.plan_id WHERE t.decision_file_id IS NOT NULL",
    "noticed": "SELECT t.*, p.purse, p.province_id FROM programs_tranche t"
    " JOIN programs_yearplan p ON p.id = t.plan_id WHERE t.notice_file_id IS NOT NULL",
    "scanned step": "SELECT s.version, p.code, p.state, p.purse, p.province_id, p.owner_id, p.implementer_id"
    " FROM programs_transition s JOIN programs_project p ON p.id = s.project_id"
    " WHERE s.paper_file_id IS NOT NULL ORDER BY s.id",
    "attachment": "SELECT a.*, p.code, p.state, p.purse, p.province_id, p.owner_id, p.implementer_id"
    " FROM programs_attachment a JOIN programs_project p ON p.id = a.project_id",
    "mark": "SELECT m.note AS text, m.office_id, p.code, p.state, p.purse, p.province_id, p.owner_id,"
    " p.implementer_id FROM programs_criterionmark m JOIN programs_project p ON p.id = m.project_id",
    "remark": "SELECT r.*, p.code, p.state, p.purse, p.province_id, p.owner_id, p.implementer_id"
    " FROM programs_remark r JOIN programs_project p ON p.id = r.project_id ORDER BY r.id",
    "establishment": "SELECT * FROM beneficiaries_establishment",
    "cluster": "SELECT * FROM clusters_cluster",
    "staged": "SELECT * FROM records_stagedimport WHERE status = 'preview'",
    "applied": "SELECT * FROM records_stagedimport WHERE status = 'applied'",
    "report": "SELECT * FROM reports_report",
    "carried": "SELECT c.*, y.purse, c.province_id FROM programs_carryover c"
    " JOIN programs_yearplan y ON y.id = c.plan_id ORDER BY c.id",
    "scanned carried": "SELECT * FROM programs_carryover WHERE decision_file_id IS NOT NULL ORDER BY id",
    # ``state`` is the request's own.
    "payment": "SELECT r.*, r.reason AS text, f.source AS purse, p.code, p.province_id, p.owner_id,"
    " p.implementer_id FROM programs_paymentrequest r JOIN programs_projectfund f ON f.id = r.fund_id"
    " JOIN programs_project p ON p.id = f.project_id ORDER BY r.id",
    "scanned payment": "SELECT r.uuid, p.code, p.province_id, p.owner_id, p.implementer_id"
    " FROM programs_paymentrequest r JOIN programs_projectfund f ON f.id = r.fund_id"
    " JOIN programs_project p ON p.id = f.project_id WHERE r.file_id IS NOT NULL ORDER BY r.id",
    "scanned contract": "SELECT c.uuid, p.code, p.province_id, p.owner_id, p.implementer_id"
    " FROM programs_contract c JOIN programs_projectfund f ON f.id = c.fund_id"
    " JOIN programs_project p ON p.id = f.project_id WHERE c.file_id IS NOT NULL ORDER BY c.id",
    "office": "SELECT id AS office_id, uuid, name, kind FROM accounts_organisation ORDER BY id",
    "member": "SELECT m.id AS post_id, m.organisation_id AS office_id, o.uuid, o.kind, m.user_id, u.username,"
    " m.role, (SELECT min(d.id) FROM accounts_delegation d WHERE d.membership_id = m.id) AS loan_id"
    " FROM accounts_membership m JOIN accounts_organisation o ON o.id = m.organisation_id"
    " JOIN accounts_user u ON u.id = m.user_id ORDER BY m.id",
    "number": "SELECT n.id, n.uuid, n.number, n.about AS text, r.kind, r.office_id, o.province_id"
    " FROM accounts_issuednumber n JOIN accounts_paperregister r ON r.id = n.register_id"
    " JOIN accounts_organisation o ON o.id = r.office_id ORDER BY n.id",
    "register": "SELECT r.id, r.kind, r.office_id, o.uuid, (SELECT min(s.id) FROM accounts_seal s"
    " WHERE s.office_id = o.id) AS seal_id FROM accounts_paperregister r"
    " JOIN accounts_organisation o ON o.id = r.office_id WHERE r.kind = 'OUTGOING' ORDER BY r.id",
    "view": "SELECT * FROM accounts_savedview",
    "inbox": "SELECT * FROM records_inboxitem",
    "unplaced": "SELECT p.*, s.new_id AS part_id FROM programs_project p"
    " JOIN vietnam_unitsuccession s ON s.old_id = p.commune_id AND s.kind = 'split' AND s.is_default",
    "reform": "SELECT * FROM records_unitreform",
    "proposal": "SELECT * FROM programs_ruleproposal",
    # Its kind stands for a state: a rule and a document of the nation are both tried.
    "open proposal": "SELECT *, kind AS state FROM programs_ruleproposal WHERE outcome = ''",
    "scanned proposal": "SELECT * FROM programs_ruleproposal WHERE file_id IS NOT NULL",
    "document": "SELECT d.id, f.uuid FROM vietnam_legaldocument d JOIN programs_documentfile f"
    " ON f.document_id = d.id",
    "rule": "SELECT id, purse, province_id AS home_id FROM programs_supportnorm"
    " WHERE activity_code = 'N3.3' AND upper_inf(valid) ORDER BY id",
    "rule kind": "SELECT * FROM (VALUES ('dinh-muc', true), ('thoi-han', false)) AS k (slug, provincial)",
    "unit": "SELECT id, level, code, upper(valid) AS ended FROM vietnam_adminunit WHERE level <> 'commune'",
}
UNTOUCHED_BY_READING = (
    # Written in passing by a read that is allowed: sessions, when a key was last used, the trace of
    # having looked across provinces.
    "django_session",
    "accounts_apitoken",
    "records_auditentry",
    "records_audithead",
)


def read(kind: str) -> list[Row]:
    with context.whole_country(), connection.cursor() as cursor:
        cursor.execute(SQL[kind])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def closure(sql: str) -> dict[int, frozenset[int]]:
    """For each newer id all older ids it has grown from, itself included; ``sql`` gives (old, new) pairs."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        older: dict[int, set[int]] = defaultdict(set)
        for old, new in cursor.fetchall():
            older[new].add(old)

    def family(start: int) -> frozenset[int]:
        found, front = {start}, [start]
        while front:
            new = older.get(front.pop(), set()) - found
            found |= new
            front += new
        return frozenset(found)

    class Families(dict[int, frozenset[int]]):
        def __missing__(self, key: int) -> frozenset[int]:
            self[key] = family(key)
            return self[key]

    return Families()


def province_families() -> dict[int, frozenset[int]]:
    return closure(
        "SELECT s.old_id, s.new_id FROM vietnam_unitsuccession s"
        " JOIN vietnam_adminunit o ON o.id = s.old_id JOIN vietnam_adminunit n ON n.id = s.new_id"
        " WHERE o.level = 'province' AND n.level = 'province'"
    )


def office_families() -> dict[int, frozenset[int]]:
    return closure("SELECT id, successor_id FROM accounts_organisation WHERE successor_id IS NOT NULL")


def fingerprint() -> dict[str, str]:
    """A digest of every row of every table a request might write, province by province walls open."""
    with context.whole_country(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'vietnam%%'"
            " AND tablename <> ALL(%s) ORDER BY 1",
            [list(UNTOUCHED_BY_READING)],
        )
        tables = [name for (name,) in cursor.fetchall()]
        parts = " UNION ALL ".join(
            f"SELECT '{name}', coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{name}\" t"
            for name in tables
        )
        cursor.execute(parts)
        return dict(cursor.fetchall())
