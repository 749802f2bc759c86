-- One digest of everything a change of schema can touch: the catalog of every schema that is not PostgreSQL's or
-- ours, and the rows of the Directus metadata tables that the next statement adds where they exist.
-- Runs with an empty search_path, so that every deparsed name is qualified. Objects of extensions and TimescaleDB's
-- chunks are left out: they come and go without anybody changing the schema.
with schemas as materialized (
  select n.oid, n.nspname, n.nspacl from pg_catalog.pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'reconcile', 'reconcile_quarantine') and n.nspname !~ '^_timescaledb'
), extension_objects as materialized (
  select d.classid, d.objid from pg_catalog.pg_depend d where d.deptype = 'e'
), relations as materialized (
  select s.nspname, c.* from pg_catalog.pg_class c join schemas s on s.oid = c.relnamespace
  where not exists (select from extension_objects e where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid)
), lines(line) as (
  select pg_catalog.concat_ws('|', 'schema', nspname, nspacl) from schemas
  union all
  select pg_catalog.concat_ws('|', 'extension', extname, extversion) from pg_catalog.pg_extension
  union all
  select pg_catalog.concat_ws('|', 'relation', nspname, relname, relkind, relpersistence, relrowsecurity,
                              relforcerowsecurity, reloptions, relacl, pg_catalog.pg_get_expr(relpartbound, r.oid),
                              case when relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(r.oid) end)
  from relations r where relkind in ('r', 'p', 'v', 'm', 'f', 'c', 'S')
  union all
  select pg_catalog.concat_ws('|', 'column', nspname, relname, attname, pg_catalog.format_type(atttypid, atttypmod),
                              attnotnull, attidentity, attgenerated, attcollation, attacl,
                              pg_catalog.pg_get_expr(d.adbin, d.adrelid))
  from relations r
  join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where relkind in ('r', 'p', 'v', 'm', 'f', 'c')
  union all
  select pg_catalog.concat_ws('|', 'constraint', nspname, relname, conname, convalidated, pg_catalog.pg_get_constraintdef(c.oid))
  from pg_catalog.pg_constraint c join relations r on r.oid = c.conrelid
  union all
  select pg_catalog.concat_ws('|', 'index', nspname, relname, indisvalid, indisready, pg_catalog.pg_get_indexdef(i.indexrelid))
  from pg_catalog.pg_index i join relations r on r.oid = i.indexrelid
  union all
  select pg_catalog.concat_ws('|', 'trigger', nspname, relname, tgenabled, pg_catalog.pg_get_triggerdef(t.oid))
  from pg_catalog.pg_trigger t join relations r on r.oid = t.tgrelid where not tgisinternal
  union all
  select pg_catalog.concat_ws('|', 'policy', nspname, relname, polname, polcmd, polpermissive, polroles::text,
                              pg_catalog.pg_get_expr(polqual, polrelid), pg_catalog.pg_get_expr(polwithcheck, polrelid))
  from pg_catalog.pg_policy p join relations r on r.oid = p.polrelid
  union all
  select pg_catalog.concat_ws('|', 'rule', nspname, relname, pg_catalog.pg_get_ruledef(w.oid))
  from pg_catalog.pg_rewrite w join relations r on r.oid = w.ev_class where w.rulename <> '_RETURN'
  union all
  select pg_catalog.concat_ws('|', 'sequence', nspname, relname, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle, seqtypid)
  from pg_catalog.pg_sequence q join relations r on r.oid = q.seqrelid
  union all
  select pg_catalog.concat_ws('|', 'function', s.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid), p.proacl,
                              case when p.prokind in ('f', 'p', 'w') then pg_catalog.pg_get_functiondef(p.oid) end)
  from pg_catalog.pg_proc p join schemas s on s.oid = p.pronamespace
  where not exists (select from extension_objects e where e.classid = 'pg_catalog.pg_proc'::regclass and e.objid = p.oid)
  union all
  select pg_catalog.concat_ws('|', 'type', s.nspname, t.typname, t.typtype, t.typnotnull, t.typdefault, t.typacl,
                              pg_catalog.format_type(t.typbasetype, t.typtypmod),
                              (select pg_catalog.string_agg(enumlabel, ',' order by enumsortorder) from pg_catalog.pg_enum where enumtypid = t.oid),
                              (select pg_catalog.string_agg(pg_catalog.pg_get_constraintdef(oid), ',' order by conname)
                               from pg_catalog.pg_constraint where contypid = t.oid))
  from pg_catalog.pg_type t join schemas s on s.oid = t.typnamespace
  where t.typtype in ('d', 'e', 'r')
    and not exists (select from extension_objects e where e.classid = 'pg_catalog.pg_type'::regclass and e.objid = t.oid)
  union all
  select pg_catalog.concat_ws('|', 'event trigger', evtname, evtevent, evtenabled, evttags, evtfoid::regproc)
  from pg_catalog.pg_event_trigger t
  where not exists (select from extension_objects e where e.classid = 'pg_catalog.pg_event_trigger'::regclass and e.objid = t.oid)
  union all
  select pg_catalog.concat_ws('|', 'comment', classoid::regclass, objsubid, description, r.nspname || '.' || r.relname)
  from pg_catalog.pg_description d join relations r on r.oid = d.objoid
  where d.classoid = 'pg_catalog.pg_class'::regclass
  union all
  select line from directus_rows
)
select pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
         coalesce(pg_catalog.string_agg(line, E'\n' order by line collate "C"), ''), 'UTF8')), 'hex')
from lines
