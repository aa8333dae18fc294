from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from records import anchors, audit
from records.models import AuditAnchor
from tests.records.conftest import person

pytestmark = [pytest.mark.django_db, pytest.mark.owner_role]

# What a superuser can do: rewrite a chain from some entry on, with right hashes and a right head.
REWRITE = """
DO $$
DECLARE e record; previous text := ''; place bigint := 0; digest text;
BEGIN
    FOR e IN SELECT * FROM records_auditentry WHERE object_id = '{object_id}' ORDER BY seq LOOP
        place := place + 1;
        UPDATE records_auditentry SET seq = place, prev_hash = previous WHERE id = e.id;
        SELECT {hash} INTO digest FROM records_auditentry x WHERE id = e.id;
        UPDATE records_auditentry SET hash = digest WHERE id = e.id;
        previous := digest;
    END LOOP;
    IF place = 0 THEN DELETE FROM records_audithead WHERE object_id = '{object_id}';
    ELSE UPDATE records_audithead SET seq = place, hash = previous WHERE object_id = '{object_id}'; END IF;
END $$
"""


def rewrite(object_id: Any, *statements: str) -> None:
    from records.audit_sql import HASH_V1

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE records_auditentry DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement, [str(object_id)])
        cursor.execute(REWRITE.format(object_id=object_id, hash=HASH_V1.format(row="x")))
        cursor.execute("ALTER TABLE records_auditentry ENABLE TRIGGER USER")


def written(count: int = 3) -> Any:
    one = person()
    for number in range(count):
        audit.record("tests.act", one, actor=one, after={"n": number})
    return one


def test_untouched_chains_satisfy_their_anchors() -> None:
    one = written()
    first = anchors.take_anchor(dt.date(2026, 1, 1))
    audit.record("tests.act", one, actor=one)
    second = anchors.take_anchor(dt.date(2026, 1, 2))
    assert first is not None and second is not None
    assert second.previous_root == first.heads_root
    assert [head[2] for head in second.heads] == [4]
    assert anchors.verify_anchors() == []
    assert anchors.verify_anchors(first.heads_root) == []


def test_a_day_without_news_needs_no_anchor() -> None:
    written()
    assert anchors.take_anchor() is not None
    assert anchors.take_anchor() is None


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE records_auditentry SET reason = 'khác' WHERE object_id = %s AND seq = 2",
        "DELETE FROM records_auditentry WHERE object_id = %s AND seq = 3",
        "DELETE FROM records_auditentry WHERE object_id = %s AND seq = 1",
        "DELETE FROM records_auditentry WHERE object_id = %s",
    ],
)
def test_a_chain_rewritten_whole_with_its_head_is_found_by_the_anchor_alone(tamper: str) -> None:
    one = written()
    anchors.take_anchor()
    rewrite(one.pk, tamper)
    assert audit.verify() == [], "the chain itself looks right again"
    (fault,) = anchors.verify_anchors()
    assert f"accounts.user {one.pk} #3" in fault


def test_an_anchor_made_to_fit_a_rewritten_chain_lacks_the_signature() -> None:
    one = written()
    anchors.take_anchor()
    rewrite(one.pk, "UPDATE records_auditentry SET reason = 'khác' WHERE object_id = %s")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_auditanchor DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE records_auditanchor SET heads = (SELECT jsonb_agg(jsonb_build_array("
            "object_type, object_id, seq, hash)) FROM records_audithead)"
        )
        cursor.execute("ALTER TABLE records_auditanchor ENABLE TRIGGER USER")
    (fault,) = anchors.verify_anchors()
    assert "signature" in fault


def test_a_missing_anchor_shows_between_others_and_against_a_root_kept_elsewhere() -> None:
    one = written()
    roots = []
    for day in (1, 2, 3):
        audit.record("tests.act", one, actor=one)
        anchor = anchors.take_anchor(dt.date(2026, 1, day))
        assert anchor is not None
        roots.append(anchor.heads_root)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_auditanchor DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM records_auditanchor WHERE day = '2026-01-03'")
        assert anchors.verify_anchors() == []
        assert len(anchors.verify_anchors(roots[2])) == 1
        cursor.execute("DELETE FROM records_auditanchor WHERE day = '2026-01-01'")
        assert any("is missing" in fault for fault in anchors.verify_anchors())


def test_another_key_does_not_open_the_anchors(settings: Any) -> None:
    written()
    anchors.take_anchor()
    settings.KC_AUDIT_KEY = "mot-khoa-khac-hoan-toan-dai-hon-32-ky-tu"
    assert "signature" in anchors.verify_anchors()[0]


def test_the_command_prints_the_root_and_checks_it() -> None:
    one = written()
    out = StringIO()
    call_command("anchor_audit", stdout=out)
    root = AuditAnchor.objects.get().heads_root
    assert root in out.getvalue()
    call_command("anchor_audit", "--check", "--root", root, stdout=out)
    rewrite(one.pk, "DELETE FROM records_auditentry WHERE object_id = %s AND seq = 3")
    with pytest.raises(CommandError, match="not the entry signed"):
        call_command("anchor_audit", "--check")


def test_after_a_change_of_key_the_old_one_verifies_what_it_signed_and_nothing_later(settings: Any) -> None:
    first, second = settings.KC_AUDIT_KEY, "second-" + settings.KC_AUDIT_KEY
    one = written()
    anchors.take_anchor(dt.date(2026, 1, 1))
    settings.KC_AUDIT_KEY = second
    assert len(anchors.verify_anchors()) == 1
    settings.KC_AUDIT_KEY_OLD = [first]
    assert anchors.verify_anchors() == []
    audit.record("tests.act", one, actor=one)
    anchors.take_anchor(dt.date(2026, 1, 2))
    assert anchors.verify_anchors() == []
    # Whoever holds the leaked first key goes on signing with it.
    settings.KC_AUDIT_KEY = first
    audit.record("tests.act", one, actor=one)
    anchors.take_anchor(dt.date(2026, 1, 3))
    settings.KC_AUDIT_KEY = second
    (fault,) = anchors.verify_anchors()
    assert fault.startswith("anchor of 2026-01-03")
