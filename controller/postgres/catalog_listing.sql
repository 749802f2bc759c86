-- Every object of the schemas that are not PostgreSQL's or ours: kind, name, and what it is, in words that are the same
-- in two databases that came about in different ways. Neither the order of columns nor a number that the server gave
-- is in it. Runs with an empty search_path, so that every name is qualified. Objects of extensions and TimescaleDB's
-- chunks are left out.
with schemas as materialized (
  select n.oid, n.nspname, n.nspacl from pg_catalog.pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'reconcile', 'reconcile_quarantine') and n.nspname !~ '^_timescaledb'
), extension_objects as materialized (
  select d.classid, d.objid from pg_catalog.pg_depend d where d.deptype = 'e'
), relations as materialized (
  select s.nspname || '.' || c.relname as name, c.* from pg_catalog.pg_class c join schemas s on s.oid = c.relnamespace
  where not exists (select from extension_objects e where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid)
), columns as materialized (
  select r.name || '.' || a.attname as name, r.relkind, a.* from relations r
  join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  where r.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
), functions as materialized (
  select s.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' as name, p.*
  from pg_catalog.pg_proc p join schemas s on s.oid = p.pronamespace
  where not exists (select from extension_objects e where e.classid = 'pg_catalog.pg_proc'::regclass and e.objid = p.oid)
), types as materialized (
  select s.nspname || '.' || t.typname as name, t.* from pg_catalog.pg_type t join schemas s on s.oid = t.typnamespace
  where t.typtype in ('d', 'e', 'r')
    and not exists (select from extension_objects e where e.classid = 'pg_catalog.pg_type'::regclass and e.objid = t.oid)
), constraints as materialized (
  select r.name || '.' || c.conname as name, c.* from pg_catalog.pg_constraint c join relations r on r.oid = c.conrelid
  where c.contype <> 'n' -- since 18 they are listed; the column says it already, whatever they are called
)
select 'schema' as kind, nspname as name, pg_catalog.concat_ws(' ', nspacl) as definition from schemas
union all
select 'extension', extname, extversion from pg_catalog.pg_extension
union all
select case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
                    when 'f' then 'foreign table' when 'c' then 'type' else 'table' end,
       name,
       pg_catalog.concat_ws(' ', case relpersistence when 'u' then 'unlogged' end, case when relkind = 'p' then 'partitioned' end,
                            case when relrowsecurity then 'row security' end,
                            case when relforcerowsecurity then 'forced' end, reloptions, relacl,
                            pg_catalog.pg_get_expr(relpartbound, oid),
                            case when relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(oid) end)
from relations where relkind in ('r', 'p', 'v', 'm', 'f', 'c', 'S')
union all
select 'column', c.name,
       pg_catalog.concat_ws(' ', pg_catalog.format_type(c.atttypid, c.atttypmod), case when c.attnotnull then 'not null' end,
                            case c.attidentity when 'a' then 'identity always' when 'd' then 'identity' end,
                            case when c.attgenerated <> '' then 'generated' end,
                            case when c.attcollation not in (0, 100) then 'collate ' || c.attcollation::regcollation::text end,
                            c.attacl, 'default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid))
from columns c left join pg_catalog.pg_attrdef d on d.adrelid = c.attrelid and d.adnum = c.attnum
union all
select 'constraint', name, pg_catalog.pg_get_constraintdef(oid) || case when convalidated then '' else ' (not validated)' end
from constraints
union all
select 'index', r.name || '.' || i.relname,
       pg_catalog.pg_get_indexdef(x.indexrelid) || case when x.indisvalid then '' else ' (invalid)' end
from pg_catalog.pg_index x join relations r on r.oid = x.indrelid join pg_catalog.pg_class i on i.oid = x.indexrelid
union all
select 'trigger', r.name || '.' || tgname, pg_catalog.pg_get_triggerdef(t.oid) || case tgenabled when 'O' then '' else ' ' || tgenabled::text end
from pg_catalog.pg_trigger t join relations r on r.oid = t.tgrelid where not tgisinternal
union all
select 'policy', r.name || '.' || polname,
       pg_catalog.concat_ws(' ', polcmd, polpermissive, polroles::regrole[], pg_catalog.pg_get_expr(polqual, polrelid),
                            pg_catalog.pg_get_expr(polwithcheck, polrelid))
from pg_catalog.pg_policy p join relations r on r.oid = p.polrelid
union all
select 'rule', r.name || '.' || rulename, pg_catalog.pg_get_ruledef(w.oid)
from pg_catalog.pg_rewrite w join relations r on r.oid = w.ev_class where w.rulename <> '_RETURN'
union all
select 'sequence settings', r.name,
       pg_catalog.concat_ws(' ', pg_catalog.format_type(seqtypid, null), seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle)
from pg_catalog.pg_sequence q join relations r on r.oid = q.seqrelid
union all
select 'function', name,
       pg_catalog.concat_ws(' ', proacl, case when prokind in ('f', 'p', 'w') then pg_catalog.pg_get_functiondef(oid) end)
from functions
union all
select 'type', name,
       pg_catalog.concat_ws(' ', typtype, nullif(pg_catalog.format_type(typbasetype, typtypmod), '-'), case when typnotnull then 'not null' end,
                            'default ' || typdefault, typacl,
                            (select pg_catalog.string_agg(enumlabel, ', ' order by enumsortorder) from pg_catalog.pg_enum where enumtypid = t.oid),
                            (select pg_catalog.string_agg(pg_catalog.pg_get_constraintdef(oid), ' ' order by conname)
                             from pg_catalog.pg_constraint where contypid = t.oid))
from types t
union all
select 'event trigger', evtname, pg_catalog.concat_ws(' ', evtevent, evtenabled, evttags, evtfoid::regproc)
from pg_catalog.pg_event_trigger t
where not exists (select from extension_objects e where e.classid = 'pg_catalog.pg_event_trigger'::regclass and e.objid = t.oid)
union all
select 'comment', pg_catalog.pg_describe_object(classoid, objoid, objsubid), description
from pg_catalog.pg_description d
where (classoid = 'pg_catalog.pg_class'::regclass and objoid in (select oid from relations))
   or (classoid = 'pg_catalog.pg_proc'::regclass and objoid in (select oid from functions))
   or (classoid = 'pg_catalog.pg_type'::regclass and objoid in (select oid from types))
   or (classoid = 'pg_catalog.pg_constraint'::regclass and objoid in (select oid from constraints))
   or (classoid = 'pg_catalog.pg_namespace'::regclass and objoid in (select oid from schemas) and description <> 'standard public schema')
order by 1, 2
