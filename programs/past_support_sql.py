"""The one question that looks across provinces: who has had support for the same tax codes.

A function of the owner, so that it sees what its caller may not; it answers only for the codes asked about,
and what it tells of other provinces is audited.
"""

from __future__ import annotations

PAST_SUPPORT = """
CREATE FUNCTION kc_past_support(lookups text[], excluded bigint)
    RETURNS TABLE (code text, title text, year integer, purse text, activity_code text, province_name text,
                   state_vnd bigint, tax_lookup text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE abroad text[]; told jsonb;
BEGIN
    RETURN QUERY
        SELECT found.code, found.title, found.year, found.purse, found.activity, found.province,
               found.state_vnd, found.lookup
          FROM (
            SELECT p.code::text AS code, p.title::text AS title, p.year::integer AS year,
                   p.purse::text AS purse, coalesce(a.code, '')::text AS activity, u.name::text AS province,
                   (p.kcqg_vnd + p.kcdp_vnd)::bigint AS state_vnd, e.tax_lookup::text AS lookup,
                   row_number() OVER (PARTITION BY e.tax_lookup ORDER BY p.year DESC, p.code) AS place
              FROM public.programs_project p
              JOIN public.programs_projectbeneficiary b ON b.project_id = p.id
              JOIN public.beneficiaries_establishment e ON e.id = b.establishment_id
              JOIN public.vietnam_adminunit u ON u.id = p.province_id
              LEFT JOIN public.programs_activitykind a ON a.id = p.activity_id
             WHERE e.tax_lookup = ANY(lookups) AND e.tax_lookup <> ''
               AND p.id IS DISTINCT FROM excluded
               AND p.state NOT IN ('DRAFT', 'REJECTED_PROV', 'REJECTED_MIN', 'WITHDRAWN', 'STOPPED')
          ) found
         -- A limit for each code: a long list of projects must not hide what the next one got.
         WHERE found.place <= 50
         ORDER BY found.year DESC, found.code;
    -- Only where another province's projects are told, and once a day for the same question, answer and
    -- person: every view of a dossier asks, and an entry for each would bury those that learnt something.
    -- The digests are keyed and the codes name the projects: an inspector sees who asked for whom and what
    -- they were told.
    SELECT array_agg(DISTINCT p.code::text ORDER BY p.code::text) INTO abroad
      FROM public.programs_project p
      JOIN public.programs_projectbeneficiary b ON b.project_id = p.id
      JOIN public.beneficiaries_establishment e ON e.id = b.establishment_id
     WHERE e.tax_lookup = ANY(lookups) AND e.tax_lookup <> '' AND p.id IS DISTINCT FROM excluded
       AND p.state NOT IN ('DRAFT', 'REJECTED_PROV', 'REJECTED_MIN', 'WITHDRAWN', 'STOPPED')
       AND NOT (p.province_id = ANY(public.kc_scope()));
    told := jsonb_build_object('lookups', lookups, 'projects', abroad);
    IF abroad IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.records_auditentry e
         WHERE e.actor_id = public.kc_actor() AND e.at >= date_trunc('day', now(), 'Asia/Ho_Chi_Minh')
           AND e.action = 'programs.look_across_provinces' AND e.after = told) THEN
        INSERT INTO public.records_auditentry
            (object_type, object_id, actor_id, province_id, action, after, request_id)
        VALUES ('programs.double_funding', coalesce(excluded::text, 'import-' || pg_current_xact_id()::text),
                public.kc_actor(),
                (SELECT id FROM public.vietnam_adminunit WHERE level = 'nation' LIMIT 1),
                'programs.look_across_provinces', told, coalesce(current_setting('kc.request', true), ''));
    END IF;
END $$;
"""

PAST_SUPPORT_DOWN = "DROP FUNCTION kc_past_support(text[], bigint);"
