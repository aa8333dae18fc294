from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.models import User
from records import audit, context
from records.models import AuditEntry, AuditHead
from tests import evidence
from tests.records.conftest import at_once, person, province, scope, set_scope
from vietnam.models import AdminUnit

pytestmark = pytest.mark.django_db


def entries(thing: Any) -> list[AuditEntry]:
    with context.whole_country():
        return list(AuditEntry.objects.filter(object_id=str(thing.pk)).order_by("seq"))


def write_chains(objects: int, each: int) -> list[User]:
    people = [person(f"nguoi.{number}") for number in range(objects)]
    for round_ in range(each):
        for one in people:
            audit.record(
                "tests.act", one, actor=one, before={"n": round_}, after={"n": round_ + 1}, reason="thử"
            )
    return people


def test_each_entry_continues_the_one_before_it() -> None:
    (one,) = write_chains(1, 3)
    chain = entries(one)
    assert [entry.seq for entry in chain] == [1, 2, 3]
    assert chain[0].prev_hash == ""
    assert [entry.prev_hash for entry in chain[1:]] == [entry.hash for entry in chain[:2]]
    assert all(len(entry.hash) == 64 for entry in chain)
    with context.whole_country():
        assert audit.verify() == []


def test_an_entry_keeps_who_what_why_and_whence() -> None:
    actor, lender = person("a"), person("b")
    with context.bind("yeu-cau-123", "203.0.113.9"):
        audit.record(
            "tests.act",
            actor,
            actor=actor,
            before={"x": 1},
            after={"x": 2},
            reason="vì sao",
            on_behalf_of=lender,
        )
    (entry,) = entries(actor)
    assert (entry.actor_id, entry.on_behalf_of_id) == (actor.pk, lender.pk)
    assert (entry.action, entry.before, entry.after, entry.reason) == (
        "tests.act",
        {"x": 1},
        {"x": 2},
        "vì sao",
    )
    assert (entry.request_id, entry.ip) == ("yeu-cau-123", "203.0.113.9")
    assert entry.object_type == "accounts.user"


def test_an_entry_without_actor_takes_the_transactions_actor() -> None:
    one = person()
    set_scope(actor=one)
    audit.record("tests.act", one, actor=None)
    (entry,) = entries(one)
    assert entry.actor_id == one.pk


def test_what_a_client_says_about_time_and_place_in_the_chain_is_ignored() -> None:
    one = person()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_auditentry (object_type, object_id, seq, at, action, prev_hash, hash)"
            " VALUES ('accounts.user', %s, 77, '2001-01-01', 'tests.forged', 'ff', 'ff')",
            [str(one.pk)],
        )
    (entry,) = entries(one)
    assert entry.seq == 1 and entry.prev_hash == "" and entry.at.year > 2001
    with context.whole_country():
        assert audit.verify() == []


def test_an_unsaved_thing_has_no_chain() -> None:
    with pytest.raises(ValueError, match="stored object"):
        audit.record("tests.act", User(username="x"), actor=None)


def test_a_personal_number_is_masked_before_it_reaches_the_trail() -> None:
    one = person()
    number = "079203012345"
    audit.record(
        "tests.act",
        one,
        actor=one,
        before={"text": f"CCCD {number}"},
        after={"deep": [{number: [number]}], "total_vnd": 150_000_000_000},
        reason=f"số {number}, cũng viết 079 203 012 345",
    )
    (entry,) = entries(one)
    assert entry.before == {"text": "CCCD 079******345"}
    assert entry.after == {"deep": [{"079******345": ["079******345"]}], "total_vnd": 150_000_000_000}
    assert entry.reason == "số 079******345, cũng viết 079******345"


def test_the_database_refuses_a_personal_number_that_avoids_the_function() -> None:
    with pytest.raises(IntegrityError, match="no_pii"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_auditentry (object_type, object_id, action, after)"
            """ VALUES ('x', '1', 'tests.act', '{"id": "079203012345"}')"""
        )


def test_a_province_reads_its_own_entries_and_never_the_nations() -> None:
    here, there = province("38"), province("40")
    one = person()
    for unit in (here, there, None):
        one.audit_province_id = unit.pk if unit else None  # type: ignore[attr-defined]  # the convention
        audit.record("tests.act", one, actor=one)
    with scope(here.pk):
        assert [entry.province_id for entry in AuditEntry.objects.all()] == [here.pk]
    with scope():
        assert not AuditEntry.objects.exists()
    with context.whole_country():
        assert AuditEntry.objects.latest("seq").province_id == AdminUnit.nation().pk
        assert AuditEntry.objects.count() == 3


def test_hidden_earlier_entries_still_count_for_the_chain() -> None:
    here, there = province("38"), province("40")
    one = person()
    one.audit_province_id = there.pk  # type: ignore[attr-defined]  # the convention
    audit.record("tests.act", one, actor=one)
    with scope(here.pk):
        one.audit_province_id = here.pk  # type: ignore[attr-defined]  # the convention
        audit.record("tests.act", one, actor=one)
    assert [entry.seq for entry in entries(one)] == [1, 2]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_auditentry SET reason = 'khác'",
        "DELETE FROM records_auditentry",
        "TRUNCATE records_auditentry",
        "UPDATE records_audithead SET seq = 0",
        "DELETE FROM records_audithead",
        "INSERT INTO records_audithead (object_type, object_id) VALUES ('x', 'y')",
        "TRUNCATE records_audithead",
        "UPDATE records_auditanchor SET hmac = ''",
        "DELETE FROM records_auditanchor",
        "TRUNCATE records_auditanchor",
        "ALTER TABLE records_auditentry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_chain ON records_auditentry",
        "SET session_replication_role = replica",
        "ALTER TABLE records_auditentry DISABLE ROW LEVEL SECURITY",
    ],
)
def test_the_runtime_role_cannot_touch_what_is_written(statement: str) -> None:
    write_chains(1, 1)
    with (
        pytest.raises(ProgrammingError, match="permission denied|must be owner"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.owner_role
@pytest.mark.parametrize(
    "statement", ["UPDATE records_auditentry SET reason = 'khác'", "DELETE FROM records_auditentry"]
)
def test_even_the_owner_is_stopped_by_the_trigger(statement: str) -> None:
    write_chains(1, 1)
    with pytest.raises(ProgrammingError, match="append_only"), connection.cursor() as cursor:
        cursor.execute(statement)


Row = tuple[int, int, str]
"""Id, place in the chain, object id."""


def change(pick: random.Random, cursor: Any, row: Row) -> None:
    column, value = pick.choice(
        [
            ("action", "'tests.other'"),
            ("reason", "reason || ' '"),
            ("after", "after || '{\"n\": 99}'"),
            ("before", "NULL"),
            ("at", "at - interval '1 microsecond'"),
            ("actor_id", "NULL"),
            ("province_id", "NULL"),
            ("request_id", "'khac'"),
            ("ip", "'192.0.2.1'"),
            ("hash", "repeat('0', 64)"),
            ("prev_hash", "repeat('1', 64)"),
            ("id", "id + 1000000"),
        ]
    )
    cursor.execute(f"UPDATE records_auditentry SET {column} = {value} WHERE id = %s", [row[0]])


def delete(pick: random.Random, cursor: Any, row: Row) -> None:
    cursor.execute("DELETE FROM records_auditentry WHERE id = %s", [row[0]])


def swap(pick: random.Random, cursor: Any, row: Row) -> None:
    other = row[1] - 1 if row[1] > 1 else row[1] + 1
    where = "object_type = 'accounts.user' AND object_id = %s AND seq = %s"
    for source, target in ((row[1], 999), (other, row[1]), (999, other)):
        cursor.execute(f"UPDATE records_auditentry SET seq = %s WHERE {where}", [target, row[2], source])


def insert(pick: random.Random, cursor: Any, row: Row) -> None:
    """A row slipped in after this one: the later ones move up, and its own links look right."""
    for step in (1000, -999):
        cursor.execute(
            "UPDATE records_auditentry SET seq = seq + %s WHERE object_id = %s AND seq > %s",
            [step, row[2], row[1]],
        )
    cursor.execute(
        "INSERT INTO records_auditentry (object_type, object_id, seq, at, action, prev_hash, hash)"
        " SELECT object_type, object_id, seq + 1, at, 'tests.slipped_in', hash, repeat('a', 64)"
        " FROM records_auditentry WHERE id = %s",
        [row[0]],
    )


def cut_tail(pick: random.Random, cursor: Any, row: Row) -> None:
    cursor.execute("DELETE FROM records_auditentry WHERE object_id = %s AND seq >= %s", [row[2], row[1]])


def drop_chain(pick: random.Random, cursor: Any, row: Row) -> None:
    cursor.execute("DELETE FROM records_auditentry WHERE object_id = %s", [row[2]])


@pytest.mark.owner_role
def test_tampering_by_one_who_may_do_everything_is_found_and_named(seed: int) -> None:
    people = write_chains(5, 6)
    assert audit.verify() == []
    rows = list(AuditEntry.objects.values_list("id", "seq", "object_id"))
    pick = random.Random(seed)
    missed: list[object] = []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE records_auditentry DISABLE TRIGGER USER")
        for number in range(tries := evidence.size("tampers", 50)):
            tamper = [change, delete, swap, insert, cut_tail, drop_chain][number % 6]
            row = pick.choice(rows)
            with transaction.atomic():
                tamper(pick, cursor, row)
                found = audit.verify()
                transaction.set_rollback(True)
            named = [(fault.object_type, fault.object_id) for fault in found]
            right = named == [("accounts.user", row[2])] and (tamper is not change or found[0].seq == row[1])
            missed += [] if right else [(seed, number, tamper.__name__, row, [*map(str, found)])]
        cursor.execute("ALTER TABLE records_auditentry ENABLE TRIGGER USER")
    evidence.count("tampers", tries, len(missed))
    assert missed == []
    assert audit.verify() == [] and len(people) == 5


@pytest.mark.owner_role
def test_verification_can_be_limited_to_one_kind_of_object() -> None:
    write_chains(2, 2)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE records_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE records_auditentry SET reason = 'khác' WHERE seq = 1")
    assert len(audit.verify("accounts.user")) == 2
    assert audit.verify("programs.project") == []


def test_what_is_rolled_back_was_never_done() -> None:
    one = person()
    with transaction.atomic():
        audit.record("tests.act", one, actor=one)
        transaction.set_rollback(True)
    audit.record("tests.act", one, actor=one)
    assert [entry.seq for entry in entries(one)] == [1]


@pytest.mark.django_db(transaction=True)
def test_writers_of_one_object_never_fork_its_chain() -> None:
    one, other = person("mot"), person("hai")

    def write() -> None:
        for _round in range(10):
            with transaction.atomic():
                audit.record("tests.act", one, actor=one)
            with transaction.atomic():
                audit.record("tests.act", other, actor=other)

    assert at_once([write] * 6) == [None] * 6
    assert [entry.seq for entry in entries(one)] == list(range(1, 61))
    with context.whole_country():
        assert audit.verify() == []
        assert set(AuditHead.objects.values_list("seq", flat=True)) == {60}
