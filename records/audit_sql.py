"""The audit chain in SQL. Frozen: verification of old entries needs exactly this text."""

from __future__ import annotations

from typing import Final

# Everything an entry says, as one JSON array text: unambiguous (quotes, NULLs), with sorted object keys,
# time in UTC with microseconds. {row} is NEW in the trigger and a table alias in the verification, which
# writes the expression out itself: a superuser who replaced a function in the database would fool only
# the trigger.
CANONICAL_V1: Final = """jsonb_build_array('v1', {row}.id, {row}.object_type, {row}.object_id, {row}.seq,
    to_char({row}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), {row}.actor_id, {row}.on_behalf_of_id,
    {row}.province_id, {row}.action, {row}.before, {row}.after, {row}.reason, {row}.request_id,
    host({row}.ip), {row}.prev_hash)::text"""

HASH_V1: Final = f"encode(sha256(convert_to({CANONICAL_V1}, 'UTF8')), 'hex')"

# SECURITY DEFINER: the previous entry counts even where row security hides it from the writer, and the
# heads are closed to the writer altogether. The pinned search_path keeps foreign functions out.
TRIGGER_UP: Final = """
CREATE FUNCTION records_audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE head public.records_audithead%ROWTYPE;
BEGIN
    INSERT INTO public.records_audithead (object_type, object_id) VALUES (NEW.object_type, NEW.object_id)
        ON CONFLICT (object_type, object_id) DO NOTHING;
    SELECT * INTO STRICT head FROM public.records_audithead h
     WHERE h.object_type = NEW.object_type AND h.object_id = NEW.object_id FOR UPDATE;
    NEW.seq := head.seq + 1;
    NEW.prev_hash := head.hash;
    NEW.at := clock_timestamp();
    NEW.actor_id := coalesce(NEW.actor_id, nullif(current_setting('kc.actor', true), '')::bigint);
    NEW.request_id := left(coalesce(nullif(NEW.request_id, ''), current_setting('kc.request', true), ''), 64);
    NEW.province_id := coalesce(NEW.province_id,
        (SELECT u.id FROM public.vietnam_adminunit u WHERE u.level = 'nation' ORDER BY u.id LIMIT 1));
    NEW.hash := <hash>;
    UPDATE public.records_audithead SET seq = NEW.seq, hash = NEW.hash WHERE id = head.id;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION records_audit_chain() FROM PUBLIC;
CREATE TRIGGER audit_chain BEFORE INSERT ON records_auditentry
    FOR EACH ROW EXECUTE FUNCTION records_audit_chain();
""".replace("<hash>", HASH_V1.format(row="NEW"))

TRIGGER_DOWN: Final = "DROP FUNCTION records_audit_chain() CASCADE;"

# One pass over the chains, ordered as they were written. Reasons in the order of what they prove.
VERIFY: Final = """
WITH chain AS (
    SELECT e.id, e.object_type, e.object_id, e.seq, e.hash, e.prev_hash,
           <hash> AS computed,
           row_number() OVER object AS place,
           lag(e.hash, 1, '') OVER object AS expected_prev
      FROM public.records_auditentry e
     WHERE %(object_type)s::text IS NULL OR e.object_type = %(object_type)s
    WINDOW object AS (PARTITION BY e.object_type, e.object_id ORDER BY e.seq)
), judged AS (
    SELECT id, object_type, object_id, seq,
           CASE WHEN seq <> place THEN 'missing'
                WHEN prev_hash <> expected_prev THEN 'unlinked'
                WHEN hash <> computed THEN 'changed' END AS why
      FROM chain
), heads AS (
    SELECT NULL::bigint AS id, coalesce(h.object_type, c.object_type) AS object_type,
           coalesce(h.object_id, c.object_id) AS object_id, coalesce(h.seq, c.seq) AS seq, 'tail' AS why
      FROM (SELECT * FROM public.records_audithead
             WHERE %(object_type)s::text IS NULL OR object_type = %(object_type)s) h
      FULL JOIN (SELECT DISTINCT ON (object_type, object_id) object_type, object_id, seq, hash FROM chain
                  ORDER BY object_type, object_id, seq DESC) c
             ON c.object_type = h.object_type AND c.object_id = h.object_id
     WHERE h.seq IS DISTINCT FROM c.seq OR h.hash IS DISTINCT FROM c.hash
)
SELECT DISTINCT ON (object_type, object_id) object_type, object_id, seq, id, why
  FROM (SELECT * FROM judged WHERE why IS NOT NULL
        UNION ALL SELECT id, object_type, object_id, seq, why FROM heads) bad
 ORDER BY object_type, object_id, (why = 'tail'), seq
""".replace("<hash>", HASH_V1.format(row="e"))
