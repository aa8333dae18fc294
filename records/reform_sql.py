"""How a list of changes reaches the units' tables, which the run-time role only reads.

The function takes the plan from the stored row and asks again who calls: an administrator of today who did
not upload it. Old provinces give the new ones their regions. All or nothing, in the caller's transaction.
"""

APPLY_REFORM = """
CREATE FUNCTION kc_apply_reform(reform bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE it public.records_unitreform;
BEGIN
    SELECT * INTO it FROM public.records_unitreform r WHERE r.id = reform FOR UPDATE;
    IF it.status IS DISTINCT FROM 'preview' THEN
        RAISE EXCEPTION 'reform_closed: it was applied or put aside' USING ERRCODE = 'check_violation';
    END IF;
    IF it.uploaded_by_id = public.kc_actor() OR NOT public.kc_administers() THEN
        RAISE EXCEPTION 'reform_needs_second_administrator' USING ERRCODE = 'insufficient_privilege';
    END IF;

    INSERT INTO public.vietnam_legaldocument
        (number, title, folded, kind, issuer, issued_on, valid, replaced_by_id, confidence, note)
    SELECT d.number, d.title, d.folded, d.kind, d.issuer, NULL, daterange(d.since, NULL), NULL, 'memory',
           d.note
      FROM jsonb_to_recordset(it.plan -> 'documents')
        AS d(number text, title text, folded text, kind text, issuer text, since date, note text);

    UPDATE public.vietnam_adminunit u
       SET valid = daterange(lower(u.valid), e.day), updated_at = clock_timestamp()
      FROM jsonb_to_recordset(it.plan -> 'ended') AS e(id bigint, day date) WHERE u.id = e.id;

    INSERT INTO public.vietnam_adminunit
        (level, code, name, bare_name, unit_type, folded, folded_bare, sort_key, parent_id, valid,
         source_document_id, updated_at)
    SELECT 'province', n.code, n.name, n.bare_name, n.unit_type, n.folded, n.folded_bare, n.sort_key,
           (SELECT id FROM public.vietnam_adminunit WHERE level = 'nation'), daterange(n.day, NULL),
           (SELECT id FROM public.vietnam_legaldocument WHERE number = n.document
               AND n.issuer IN ('', issuer) ORDER BY id LIMIT 1),
           clock_timestamp()
      FROM jsonb_to_recordset(it.plan -> 'opened') AS n(level text, code text, name text, bare_name text,
        unit_type text, folded text, folded_bare text, sort_key text, day date, document text, issuer text)
     WHERE n.level = 'province';

    INSERT INTO public.vietnam_adminunit
        (level, code, name, bare_name, unit_type, folded, folded_bare, sort_key, parent_id, valid,
         source_document_id, updated_at)
    SELECT 'commune', n.code, n.name, n.bare_name, n.unit_type, n.folded, n.folded_bare, n.sort_key,
           (SELECT p.id FROM public.vietnam_adminunit p
             WHERE p.level = 'province' AND p.code = n.province AND p.valid @> n.day), daterange(n.day, NULL),
           (SELECT id FROM public.vietnam_legaldocument WHERE number = n.document
               AND n.issuer IN ('', issuer) ORDER BY id LIMIT 1),
           clock_timestamp()
      FROM jsonb_to_recordset(it.plan -> 'opened') AS n(level text, code text, name text, bare_name text,
        unit_type text, folded text, folded_bare text, sort_key text, day date, document text,
        issuer text, province text)
     WHERE n.level = 'commune';

    INSERT INTO public.vietnam_unitsuccession (old_id, new_id, date, kind, is_default)
    SELECT s.old, n.id, s.day, s.kind, s.is_default
      FROM jsonb_to_recordset(it.plan -> 'successions')
        AS s(old bigint, level text, code text, day date, kind text, is_default boolean)
      JOIN public.vietnam_adminunit n ON n.level = s.level AND n.code = s.code AND n.valid @> s.day;

    INSERT INTO public.vietnam_provinceregion (province_id, scheme, region, confidence)
    SELECT DISTINCT ON (s.new_id, r.scheme) s.new_id, r.scheme, r.region, r.confidence
      FROM jsonb_to_recordset(it.plan -> 'successions') AS step(old bigint, level text)
      JOIN public.vietnam_unitsuccession s ON s.old_id = step.old
      JOIN public.vietnam_provinceregion r ON r.province_id = s.old_id
     WHERE step.level = 'province'
     ORDER BY s.new_id, r.scheme, r.id
    ON CONFLICT DO NOTHING;

    UPDATE public.records_unitreform r
       SET status = 'applied', applied_by_id = public.kc_actor(), applied_at = clock_timestamp()
     WHERE r.id = reform;
END $$;
"""

APPLY_REFORM_DOWN = "DROP FUNCTION kc_apply_reform(bigint)"

# A list stays as its uploader sent it, for what the second person looks at is what is written. Whoever
# looks may put it aside; only the function above, which runs as the table's owner, says that it was applied.
GUARD_REFORM = """
CREATE FUNCTION kc_administers() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM public.accounts_membership m
         WHERE m.user_id = public.kc_actor() AND m.role = 'ADMIN'
           AND m.valid @> (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date);
END $$;
CREATE FUNCTION records_guard_reform() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'reform_stays: a list is put aside, not removed'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT public.kc_administers() THEN
        RAISE EXCEPTION 'reform_by_stranger: administrators send and judge lists of changes'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.uploaded_by_id IS DISTINCT FROM public.kc_actor() OR NEW.status <> 'preview' THEN
            RAISE EXCEPTION 'reform_begins_open: a list is sent in one''s own name, to be looked at'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status <> 'preview' OR (NEW.id, NEW.uuid, NEW.file_id, NEW.name, NEW.rows, NEW.plan,
            NEW.uploaded_by_id, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.uuid, OLD.file_id, OLD.name, OLD.rows, OLD.plan,
            OLD.uploaded_by_id, OLD.created_at)
        OR (NEW.status <> 'discarded' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class c
            WHERE c.oid = TG_RELID AND pg_catalog.pg_get_userbyid(c.relowner) = current_user)) THEN
        RAISE EXCEPTION 'reform_is_fixed: it is decided once, as it was sent'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_reform BEFORE INSERT OR UPDATE OR DELETE ON records_unitreform
    FOR EACH ROW EXECUTE FUNCTION records_guard_reform();
"""
GUARD_REFORM_DOWN = """
DROP FUNCTION records_guard_reform() CASCADE;
DROP FUNCTION kc_administers();
"""
