-- Everything a change of schema can touch, an object a row: kind, name, what it is about, and its definition, which is
-- the SQL that makes it. Runs with an empty search_path, so that every deparsed name is qualified.
-- About: the table, or table.column, without the schema where that is public; Directus calls its collections and
-- fields so. Owners and the order of columns are left out: a dump restored by another role is the same schema. So are
-- the objects of extensions and TimescaleDB's chunks: they come and go without anybody changing the schema.
with schemas as materialized (
  select n.oid, n.nspname, n.nspacl, n.nspowner,
         case n.nspname when 'public' then '' else n.nspname || '.' end as prefix
  from pg_catalog.pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'reconcile', 'reconcile_quarantine')
    and n.nspname !~ '^_timescaledb'
), extension_objects as materialized (
  select d.classid, d.objid from pg_catalog.pg_depend d where d.deptype = 'e'
), relations as materialized (
  select c.oid, c.relname, c.relkind, c.relpersistence, c.relispartition, c.relrowsecurity, c.relforcerowsecurity,
         c.relreplident, c.reloptions, c.relacl, c.relowner, c.relpartbound, c.reloftype, s.nspname,
         pg_catalog.format('%I.%I', s.nspname, c.relname) as name, s.prefix || c.relname as about
  from pg_catalog.pg_class c join schemas s on s.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'c', 'S')
    and not exists (select from extension_objects e where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid)
), types as materialized (
  select t.*, s.nspname, pg_catalog.format('%I.%I', s.nspname, t.typname) as name
  from pg_catalog.pg_type t join schemas s on s.oid = t.typnamespace
  left join pg_catalog.pg_class c on c.oid = t.typrelid
  where (t.typtype in ('d', 'e', 'r') or (t.typtype = 'c' and c.relkind = 'c'))
    and not exists (select from extension_objects e where e.classid = 'pg_catalog.pg_type'::regclass and e.objid = t.oid)
), functions as materialized (
  select p.oid, p.prokind, p.proacl, p.proowner,
         pg_catalog.format('%I.%I(%s)', s.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) as name
  from pg_catalog.pg_proc p join schemas s on s.oid = p.pronamespace
  where not exists (select from extension_objects e where e.classid = 'pg_catalog.pg_proc'::regclass and e.objid = p.oid)
    -- What makes values of a range comes and goes with its type.
    and not exists (select from pg_catalog.pg_depend d
                    where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')
), parents as materialized (
  select i.inhrelid, pg_catalog.string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno) as names,
         bool_or(i.inhdetachpending) as detaching
  from pg_catalog.pg_inherits i group by 1
), sequences as materialized (
  select q.seqrelid, d.deptype, d.refobjid, d.refobjsubid,
         pg_catalog.format('increment by %s minvalue %s maxvalue %s start with %s cache %s %scycle', q.seqincrement,
                           q.seqmin, q.seqmax, q.seqstart, q.seqcache, case when not q.seqcycle then 'no ' end) as options,
         pg_catalog.format_type(q.seqtypid, null) as type
  from pg_catalog.pg_sequence q
  left join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_class'::regclass and d.objid = q.seqrelid
    and d.objsubid = 0 and d.refclassid = 'pg_catalog.pg_class'::regclass and d.deptype in ('a', 'i') and d.refobjsubid > 0
), indexes as materialized (
  select i.*, x.relname, x.relkind, x.relispartition
  from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid
), marks as materialized (
  -- What an index is used for beyond being there, and whether it works.
  select i.indexrelid,
         nullif(pg_catalog.concat(
           case when i.indisclustered then pg_catalog.format(E';\nalter table %s cluster on %I', r.name, i.relname) end,
           case when i.indisreplident then
             pg_catalog.format(E';\nalter table %s replica identity using index %I', r.name, i.relname) end,
           case when not i.indisvalid then ' /* invalid */' end), '') as text
  from indexes i join relations r on r.oid = i.indrelid
  where i.indisclustered or i.indisreplident or not i.indisvalid
), grantable(type, name, part, about, owner, acl, original) as (
  select case relkind when 'S' then 'sequence' else 'table' end, r.name, '', r.about, r.relowner, r.relacl,
         coalesce(p.initprivs, pg_catalog.acldefault(case relkind when 'S' then 's' else 'r' end::"char", r.relowner))
  from relations r
  left join pg_catalog.pg_init_privs p on p.classoid = 'pg_catalog.pg_class'::regclass and p.objoid = r.oid and p.objsubid = 0
  where r.relacl is not null
  union all
  select 'table', r.name, pg_catalog.format(' (%I)', a.attname), r.about || '.' || a.attname, r.relowner, a.attacl, null::aclitem[]
  from relations r join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  where a.attacl is not null
  union all
  select case prokind when 'p' then 'procedure' else 'function' end, f.name, '', '', f.proowner, f.proacl,
         pg_catalog.acldefault('f', f.proowner)
  from functions f where f.proacl is not null
  union all
  select 'schema', pg_catalog.quote_ident(s.nspname), '', '', s.nspowner, s.nspacl,
         coalesce(p.initprivs, pg_catalog.acldefault('n', s.nspowner))
  from schemas s
  left join pg_catalog.pg_init_privs p on p.classoid = 'pg_catalog.pg_namespace'::regclass and p.objoid = s.oid
  where s.nspacl is not null
  union all
  select 'type', t.name, '', '', t.typowner, t.typacl, pg_catalog.acldefault('T', t.typowner) from types t where t.typacl is not null
), granted as (
  select g.type, g.name, g.part, g.about, x.grantee, x.is_original,
         pg_catalog.string_agg(pg_catalog.lower(x.privilege_type) || g.part, ', ' order by x.privilege_type)
           filter (where not x.is_grantable) as plain,
         pg_catalog.string_agg(pg_catalog.lower(x.privilege_type) || g.part, ', ' order by x.privilege_type)
           filter (where x.is_grantable) as passing
  from grantable g
  cross join lateral (
    select e.*, false as is_original from pg_catalog.aclexplode(g.acl) e
    union all
    select e.*, true from pg_catalog.aclexplode(g.original) e) x
  where x.grantee <> g.owner
  group by 1, 2, 3, 4, 5, 6
), grants as (
  select g.type, g.name, g.part, g.about, coalesce(pg_catalog.quote_ident(r.rolname), 'public') as role,
         g.plain, g.passing, g.had
  from (select type, name, part, about, grantee,
               pg_catalog.max(plain) filter (where not is_original) as plain,
               pg_catalog.max(passing) filter (where not is_original) as passing,
               pg_catalog.bool_or(is_original) as had
        from granted group by 1, 2, 3, 4, 5
        having row(pg_catalog.max(plain) filter (where not is_original), pg_catalog.max(passing) filter (where not is_original))
               is distinct from row(pg_catalog.max(plain) filter (where is_original), pg_catalog.max(passing) filter (where is_original))) g
  left join pg_catalog.pg_roles r on r.oid = g.grantee
), comments as materialized (
  -- PostgreSQL's own thousands are sorted out before each of the others is put into words.
  select d.* from pg_catalog.pg_description d
  where case d.classoid
          when 'pg_catalog.pg_class'::regclass then
            d.objoid in (select oid from relations)
            or d.objoid in (select i.indexrelid from indexes i join relations t on t.oid = i.indrelid)
          when 'pg_catalog.pg_proc'::regclass then d.objoid in (select oid from functions)
          when 'pg_catalog.pg_type'::regclass then d.objoid in (select oid from types)
          when 'pg_catalog.pg_namespace'::regclass then
            d.objoid in (select oid from schemas) and d.description <> 'standard public schema'
          when 'pg_catalog.pg_constraint'::regclass then
            d.objoid in (select c.oid from pg_catalog.pg_constraint c join relations t on t.oid = c.conrelid)
          when 'pg_catalog.pg_trigger'::regclass then
            d.objoid in (select t.oid from pg_catalog.pg_trigger t join relations s on s.oid = t.tgrelid)
          when 'pg_catalog.pg_policy'::regclass then
            d.objoid in (select p.oid from pg_catalog.pg_policy p join relations s on s.oid = p.polrelid)
          else d.classoid = 'pg_catalog.pg_event_trigger'::regclass end
    and not exists (select from extension_objects e where e.classid = d.classoid and e.objid = d.objoid)
), described as (
  select d.description, i.type, i.identity, coalesce(r.about || coalesce('.' || a.attname, ''), '') as about
  from comments d
  left join relations r on d.classoid = 'pg_catalog.pg_class'::regclass and r.oid = d.objoid
  left join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum = d.objsubid and d.objsubid > 0
  cross join lateral pg_catalog.pg_identify_object(d.classoid, d.objoid, d.objsubid) i
)
select 'schema' as kind, pg_catalog.quote_ident(nspname) as name, '' as about, pg_catalog.format('create schema %I', nspname) as definition
from schemas
union all
select 'extension', pg_catalog.quote_ident(e.extname), '',
       pg_catalog.format('create extension %I with schema %I version %L', e.extname, n.nspname, e.extversion)
from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
where e.extname <> 'plpgsql'
union all
select 'table', r.name, r.about,
       pg_catalog.concat(
         pg_catalog.format('create %s%stable %s ', case relpersistence when 'u' then 'unlogged ' end,
                           case relkind when 'f' then 'foreign ' end, r.name),
         case when relispartition then
                pg_catalog.format('partition of %s %s', p.names, pg_catalog.pg_get_expr(relpartbound, r.oid))
              when reloftype <> 0 then 'of ' || reloftype::regtype
              else '()' || coalesce(' inherits (' || p.names || ')', '') end,
         case relkind when 'p' then ' partition by ' || pg_catalog.pg_get_partkeydef(r.oid) end,
         case when f.ftrelid is not null then
           pg_catalog.format(' server %I options (%s)', s.srvname, pg_catalog.array_to_string(f.ftoptions, ', ')) end,
         ' with (' || pg_catalog.array_to_string(reloptions, ', ') || ')',
         case when relrowsecurity then pg_catalog.format(E';\nalter table %s enable row level security', r.name) end,
         case when relforcerowsecurity then pg_catalog.format(E';\nalter table %s force row level security', r.name) end,
         case relreplident when 'f' then pg_catalog.format(E';\nalter table %s replica identity full', r.name)
                           when 'n' then pg_catalog.format(E';\nalter table %s replica identity nothing', r.name) end,
         case when p.detaching then ' /* detach pending */' end)
from relations r
left join parents p on p.inhrelid = r.oid
left join pg_catalog.pg_foreign_table f on f.ftrelid = r.oid
left join pg_catalog.pg_foreign_server s on s.oid = f.ftserver
where relkind in ('r', 'p', 'f')
union all
select 'column', pg_catalog.format('%s.%I', r.name, a.attname), r.about || '.' || a.attname,
       pg_catalog.concat(
         pg_catalog.format('alter table %s add column %I %s', r.name, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)),
         case when a.attcollation <> t.typcollation and a.attcollation <> 0 then ' collate ' || a.attcollation::regcollation end,
         case a.attgenerated
           when '' then ' default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid)
           else pg_catalog.format(' generated always as (%s) %s', pg_catalog.pg_get_expr(d.adbin, d.adrelid),
                                  case a.attgenerated when 's' then 'stored' else 'virtual' end) end,
         case when a.attidentity <> '' then
           pg_catalog.format(' generated %s as identity (sequence name %s %s)',
                             case a.attidentity when 'a' then 'always' else 'by default' end,
                             q.seqrelid::regclass, q.options) end,
         case when a.attnotnull then
           coalesce(' constraint ' || pg_catalog.quote_ident(nn.conname) || ' ' ||
                      (pg_catalog.replace(pg_catalog.pg_get_constraintdef(nn.oid), 'NOT NULL ' || pg_catalog.quote_ident(a.attname), 'not null')),
                    ' not null') end,
         case when a.attstorage <> t.typstorage then
           pg_catalog.format(E';\nalter table %s alter column %I set storage %s', r.name, a.attname,
                             case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end) end,
         case when a.attcompression <> '' then
           pg_catalog.format(E';\nalter table %s alter column %I set compression %s', r.name, a.attname,
                             case a.attcompression when 'l' then 'lz4' else 'pglz' end) end,
         -- Of those that can be set: since 15.20 the server keeps a number of its own, pg_attver, among them.
         (select pg_catalog.format(E';\nalter table %s alter column %I set (%s)', r.name, a.attname, pg_catalog.string_agg(setting, ', '))
          from pg_catalog.unnest(a.attoptions) setting where setting ~ '^n_distinct(_inherited)?=' having pg_catalog.count(*) > 0))
from relations r
join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
join pg_catalog.pg_type t on t.oid = a.atttypid
left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join sequences q on q.deptype = 'i' and q.refobjid = a.attrelid and q.refobjsubid = a.attnum
left join pg_catalog.pg_constraint nn on nn.conrelid = a.attrelid and nn.contype = 'n' and nn.conkey[1] = a.attnum
where relkind in ('r', 'p', 'f') and r.reloftype = 0
  -- A partition's column comes with its parent's; only another default makes it one of its own.
  and (a.attislocal or a.attinhcount = 0 or d.adbin is not null and not r.relispartition
       or exists (select from pg_catalog.pg_inherits i
                  join pg_catalog.pg_attribute b on b.attrelid = i.inhparent and b.attname = a.attname
                  left join pg_catalog.pg_attrdef e on e.adrelid = b.attrelid and e.adnum = b.attnum
                  where i.inhrelid = r.oid
                    and pg_catalog.pg_get_expr(e.adbin, e.adrelid) is distinct from pg_catalog.pg_get_expr(d.adbin, d.adrelid)))
union all
select 'constraint', pg_catalog.format('%s.%I', r.name, c.conname),
       r.about || coalesce('.' || a.attname, ''),
       pg_catalog.format('alter table %s add constraint %I %s%s', r.name, c.conname, pg_catalog.pg_get_constraintdef(c.oid), m.text)
from pg_catalog.pg_constraint c
join relations r on r.oid = c.conrelid
left join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1] and pg_catalog.cardinality(c.conkey) = 1
left join marks m on m.indexrelid = c.conindid and c.contype in ('p', 'u', 'x')
where c.contype in ('c', 'f', 'p', 'u', 'x') and c.conparentid = 0 and (c.conislocal or c.coninhcount = 0)
union all
select 'index', pg_catalog.format('%I.%I', r.nspname, i.relname), r.about || coalesce('.' || a.attname, ''),
       pg_catalog.concat(case i.relkind when 'I' then pg_catalog.replace(pg_catalog.pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
                                        else pg_catalog.pg_get_indexdef(i.indexrelid) end, m.text)
from indexes i
join relations r on r.oid = i.indrelid
left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] and i.indnatts = 1 and a.attnum > 0
left join marks m on m.indexrelid = i.indexrelid
where not i.relispartition
  and not exists (select from pg_catalog.pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
union all
select 'sequence', r.name, coalesce(o.about || '.' || a.attname, r.about),
       pg_catalog.concat(
         pg_catalog.format('create %ssequence %s as %s %s', case r.relpersistence when 'u' then 'unlogged ' end, r.name, q.type, q.options),
         case when o.oid is not null then pg_catalog.format(E';\nalter sequence %s owned by %s.%I', r.name, o.name, a.attname) end)
from relations r
join sequences q on q.seqrelid = r.oid and q.deptype is distinct from 'i'
left join relations o on o.oid = q.refobjid
left join pg_catalog.pg_attribute a on a.attrelid = q.refobjid and a.attnum = q.refobjsubid
union all
select case relkind when 'm' then 'materialized view' else 'view' end, r.name, r.about,
       pg_catalog.format(E'create %sview %s%s as\n%s', case relkind when 'm' then 'materialized ' end, r.name,
                         ' with (' || pg_catalog.array_to_string(reloptions, ', ') || ')',
                         pg_catalog.rtrim(pg_catalog.pg_get_viewdef(r.oid), ';'))
from relations r where relkind in ('v', 'm')
union all
select case prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, f.name, '',
       case when prokind in ('f', 'p', 'w') then pg_catalog.rtrim(pg_catalog.pg_get_functiondef(f.oid), E'\n')
            else pg_catalog.concat(
              pg_catalog.format('create aggregate %s (sfunc = %s, stype = %s', f.name, a.aggtransfn::oid::regproc,
                                pg_catalog.format_type(a.aggtranstype, null)),
              case when a.aggfinalfn <> 0 then ', finalfunc = ' || a.aggfinalfn::oid::regproc end,
              case when a.aggcombinefn <> 0 then ', combinefunc = ' || a.aggcombinefn::oid::regproc end,
              case when a.agginitval is not null then ', initcond = ' || pg_catalog.quote_literal(a.agginitval) end, ')') end
from functions f left join pg_catalog.pg_aggregate a on a.aggfnoid = f.oid
union all
select 'trigger', pg_catalog.format('%s.%I', r.name, t.tgname), r.about,
       pg_catalog.concat(
         pg_catalog.pg_get_triggerdef(t.oid),
         case t.tgenabled when 'D' then pg_catalog.format(E';\nalter table %s disable trigger %I', r.name, t.tgname)
                          when 'R' then pg_catalog.format(E';\nalter table %s enable replica trigger %I', r.name, t.tgname)
                          when 'A' then pg_catalog.format(E';\nalter table %s enable always trigger %I', r.name, t.tgname) end)
from pg_catalog.pg_trigger t join relations r on r.oid = t.tgrelid
where not t.tgisinternal and t.tgparentid = 0
  -- Those of the watch are ours, see watch_make.sql.
  and not exists (select from pg_catalog.pg_proc p where p.oid = t.tgfoid and p.pronamespace = pg_catalog.to_regnamespace('reconcile'))
union all
select 'event trigger', pg_catalog.quote_ident(evtname), '',
       pg_catalog.concat(
         pg_catalog.format('create event trigger %I on %s', evtname, evtevent),
         ' when tag in (' || (select pg_catalog.string_agg(pg_catalog.quote_literal(tag), ', ') from pg_catalog.unnest(evttags) tag) || ')',
         pg_catalog.format(' execute function %s()', evtfoid::regproc),
         case evtenabled when 'D' then pg_catalog.format(E';\nalter event trigger %I disable', evtname)
                         when 'R' then pg_catalog.format(E';\nalter event trigger %I enable replica', evtname)
                         when 'A' then pg_catalog.format(E';\nalter event trigger %I enable always', evtname) end)
from pg_catalog.pg_event_trigger t
where not exists (select from extension_objects e where e.classid = 'pg_catalog.pg_event_trigger'::regclass and e.objid = t.oid)
  and not exists (select from pg_catalog.pg_proc p where p.oid = t.evtfoid and p.pronamespace = pg_catalog.to_regnamespace('reconcile'))
union all
select 'policy', pg_catalog.format('%s.%I', r.name, p.polname), r.about,
       pg_catalog.concat(
         pg_catalog.format('create policy %I on %s as %s for %s to %s', p.polname, r.name,
                           case when p.polpermissive then 'permissive' else 'restrictive' end,
                           case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
                           (select pg_catalog.string_agg(case m when 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(m)) end, ', ' order by m)
                            from pg_catalog.unnest(p.polroles) m)),
         ' using (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')',
         ' with check (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')')
from pg_catalog.pg_policy p join relations r on r.oid = p.polrelid
union all
select 'rule', pg_catalog.format('%s.%I', r.name, w.rulename), r.about,
       pg_catalog.concat(pg_catalog.rtrim(pg_catalog.pg_get_ruledef(w.oid), ';'),
                         case w.ev_enabled when 'D' then pg_catalog.format(E';\nalter table %s disable rule %I', r.name, w.rulename) end)
from pg_catalog.pg_rewrite w join relations r on r.oid = w.ev_class where w.rulename <> '_RETURN'
union all
select case t.typtype when 'e' then 'enum' when 'd' then 'domain' else 'type' end, t.name, '',
       case t.typtype
         when 'e' then pg_catalog.format('create type %s as enum (%s)', t.name,
           (select pg_catalog.string_agg(pg_catalog.quote_literal(enumlabel), ', ' order by enumsortorder) from pg_catalog.pg_enum where enumtypid = t.oid))
         when 'd' then pg_catalog.concat(
           pg_catalog.format('create domain %s as %s', t.name, pg_catalog.format_type(t.typbasetype, t.typtypmod)),
           case when t.typcollation <> b.typcollation then ' collate ' || t.typcollation::regcollation end,
           ' default ' || t.typdefault, case when t.typnotnull then ' not null' end,
           (select pg_catalog.string_agg(pg_catalog.format(' constraint %I %s', conname, pg_catalog.pg_get_constraintdef(c.oid)), '' order by conname)
            from pg_catalog.pg_constraint c where contypid = t.oid and contype = 'c'))
         when 'c' then pg_catalog.format('create type %s as (%s)', t.name,
           (select pg_catalog.string_agg(pg_catalog.format('%I %s%s', attname, pg_catalog.format_type(atttypid, atttypmod),
                                                           case when attcollation <> u.typcollation then ' collate ' || attcollation::regcollation end),
                                         ', ' order by attnum)
            from pg_catalog.pg_attribute join pg_catalog.pg_type u on u.oid = atttypid
            where attrelid = t.typrelid and attnum > 0 and not attisdropped))
         else (select pg_catalog.concat(
                 pg_catalog.format('create type %s as range (subtype = %s', t.name, pg_catalog.format_type(g.rngsubtype, null)),
                 case when g.rngcollation <> 0 then ', collation = ' || g.rngcollation::regcollation end,
                 case when g.rngcanonical <> 0 then ', canonical = ' || g.rngcanonical::oid::regproc end,
                 case when g.rngsubdiff <> 0 then ', subtype_diff = ' || g.rngsubdiff::oid::regproc end, ')')
               from pg_catalog.pg_range g where g.rngtypid = t.oid) end
from types t left join pg_catalog.pg_type b on b.oid = t.typbasetype
union all
select 'statistics', pg_catalog.format('%I.%I', s.nspname, x.stxname), r.about, pg_catalog.pg_get_statisticsobjdef(x.oid)
from pg_catalog.pg_statistic_ext x join schemas s on s.oid = x.stxnamespace join relations r on r.oid = x.stxrelid
union all
select 'grant', pg_catalog.format('on %s %s%s to %s', type, name, part, role), about,
       pg_catalog.concat_ws(E';\n',
         case when had or coalesce(plain, passing) is null then pg_catalog.format('revoke all%s on %s %s from %s', part, type, name, role) end,
         'grant ' || plain || pg_catalog.format(' on %s %s to %s', type, name, role),
         'grant ' || passing || pg_catalog.format(' on %s %s to %s with grant option', type, name, role))
from grants
union all
select 'comment', pg_catalog.format('on %s %s', type, identity), about,
       pg_catalog.format('comment on %s %s is %L',
                         case type when 'table column' then 'column' when 'table constraint' then 'constraint'
                                   when 'view column' then 'column' when 'materialized view column' then 'column'
                                   when 'foreign table column' then 'column' when 'composite type column' then 'column'
                                   when 'domain constraint' then 'constraint' else type end, identity, description)
from described
union all
select kind, name, name, definition from directus_rows
