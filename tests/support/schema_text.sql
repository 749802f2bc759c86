-- The schema of a database as lines of text, for servers that come without pg_dump. What it says does not depend on
-- object ids, so that two databases can be compared; like pg_dump's, it leaves out what PostgreSQL and extensions own.
with schemas as (
  select * from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
), owned_by_extension as (
  select classid, objid from pg_depend where deptype = 'e'
), relations as (
  select c.*, n.nspname || '.' || c.relname as name
  from pg_class c join schemas n on n.oid = c.relnamespace
  where not exists (select from owned_by_extension e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
), columns as (
  select r.name, a.*, row_number() over (partition by r.oid order by a.attnum) as place
  from relations r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  where r.relkind <> 'i'
), lines(line) as (
  select concat_ws('|', 'schema', nspname, nspowner::regrole, coalesce(nspacl, acldefault('n', nspowner))) from schemas
  union all
  select concat_ws('|', 'extension', extname, extversion, extnamespace::regnamespace) from pg_extension
  union all
  select concat_ws('|', 'relation', name, relkind, relpersistence, relowner::regrole, reloptions, relrowsecurity,
                   coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)),
                   relforcerowsecurity, relreplident, reltablespace, relispartition, pg_get_partkeydef(oid),
                   pg_get_expr(relpartbound, oid), case when relkind in ('v', 'm') then pg_get_viewdef(oid) end)
  from relations where relkind <> 'i'
  union all
  select concat_ws('|', 'column', name, place, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
                   attgenerated, attcollation::regcollation, attstorage, attacl, attoptions, pg_get_expr(adbin, adrelid))
  from columns left join pg_attrdef on adrelid = attrelid and adnum = attnum
  union all
  select concat_ws('|', 'constraint', coalesce(r.name, contypid::regtype::text), conname, convalidated,
                   pg_get_constraintdef(c.oid))
  from pg_constraint c left join relations r on r.oid = conrelid
  join schemas s on s.oid = connamespace
  union all
  select concat_ws('|', 'index', r.name, pg_get_indexdef(r.oid), reloptions, indisvalid, indisclustered, indisreplident)
  from relations r join pg_index on indexrelid = r.oid
  union all
  select concat_ws('|', 'trigger', r.name, tgenabled, pg_get_triggerdef(t.oid))
  from pg_trigger t join relations r on r.oid = tgrelid where not tgisinternal
  union all
  select concat_ws('|', 'policy', r.name, polname, polcmd, polpermissive, polroles::regrole[], pg_get_expr(polqual, polrelid),
                   pg_get_expr(polwithcheck, polrelid))
  from pg_policy join relations r on r.oid = polrelid
  union all
  select concat_ws('|', 'rule', r.name, pg_get_ruledef(w.oid))
  from pg_rewrite w join relations r on r.oid = ev_class where rulename <> '_RETURN'
  union all
  select concat_ws('|', 'sequence', r.name, seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle)
  from pg_sequence join relations r on r.oid = seqrelid
  union all
  select concat_ws('|', 'function', nspname, proname, pg_get_function_identity_arguments(p.oid), proowner::regrole,
                   coalesce(proacl, acldefault('f', proowner)),
                   case when prokind <> 'a' then pg_get_functiondef(p.oid) end)
  from pg_proc p join schemas s on s.oid = pronamespace
  where not exists (select from owned_by_extension e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)
  union all
  select concat_ws('|', 'type', nspname, typname, typowner::regrole, typtype, typnotnull, typdefault,
                   coalesce(typacl, acldefault('T', typowner)),
                   format_type(typbasetype, typtypmod),
                   (select string_agg(enumlabel, ',' order by enumsortorder) from pg_enum where enumtypid = t.oid))
  from pg_type t join schemas s on s.oid = typnamespace where typtype in ('d', 'e', 'r')
    and not exists (select from owned_by_extension e where e.classid = 'pg_type'::regclass and e.objid = t.oid)
  union all
  select concat_ws('|', 'event trigger', evtname, evtevent, evtenabled, evttags, evtfoid::regproc) from pg_event_trigger
  union all
  select concat_ws('|', 'statistics', pg_get_statisticsobjdef(x.oid))
  from pg_statistic_ext x join schemas s on s.oid = stxnamespace
  union all
  select concat_ws('|', 'comment', i.type, i.identity, description)
  from pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i
  where i.schema in (select nspname from schemas) or (i.type = 'schema' and i.name in (select nspname from schemas))
  union all
  select concat_ws('|', 'default rights', defaclrole::regrole, nspname, defaclobjtype, defaclacl)
  from pg_default_acl left join schemas s on s.oid = defaclnamespace
)
select line from lines order by line collate "C"
