-- The columns of the tables of schema public, as reconcilers/snapshot/live_fields.cc reads them, in this order:
-- table, column, type, max_length, precision, scale, default, nullable, unique constraint, index, primary key,
-- generated, auto increment.
-- Directus (11.1 to 12.4) calls a column unique when a constraint covers it alone, indexed when every key of some
-- non-unique index is this column. One that a build has left unfinished is none here: it serves no query. Where PostGIS
-- is installed it shows the types of geometries as the views geometry_columns and geography_columns have them, read here
-- from the types themselves: the views are slow, and missing elsewhere. It then also knows nothing of PostgreSQL's own
-- points and polygons.
with tables as materialized (
  select oid, relname from pg_catalog.pg_class
  where relnamespace = 'public'::regnamespace and relkind = 'r'
), single as materialized (
  select conrelid, conkey[1] as attnum,
         min(conname) filter (where contype = 'u') as unique_name,
         bool_or(contype = 'p') as is_primary
  from pg_catalog.pg_constraint
  where contype in ('u', 'p') and cardinality(conkey) = 1 and conrelid in (select oid from tables)
  group by 1, 2
), indexed as materialized (
  select i.indrelid, i.indkey[0] as attnum, min(c.relname) as index_name
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  where not i.indisunique and i.indisvalid and i.indkey[0] <> 0 and i.indrelid in (select oid from tables)
    and i.indkey[0] = all (i.indkey::int2[])
  group by 1, 2
), geometric as materialized (
  select oid, typname from pg_catalog.pg_type
  where typname in ('geometry', 'geography', 'point', 'polygon')
    and exists (select from pg_catalog.pg_proc where proname = 'postgis_version')
)
select t.relname, a.attname,
       case g.typname
         when 'geometry' then
           pg_catalog.replace(pg_catalog.replace(coalesce(
             nullif(pg_catalog.upper(pg_catalog.substring(pg_catalog.format_type(a.atttypid, a.atttypmod), '\((\w+)')),
                    'GEOMETRY'),
             (select pg_catalog.replace(pg_catalog.split_part(pg_catalog.pg_get_constraintdef(c.oid), '''', 2), ')', '')
              from pg_catalog.pg_constraint c
              where c.conrelid = t.oid and a.attnum = any (c.conkey)
                and pg_catalog.pg_get_constraintdef(c.oid) ilike '%geometrytype(% = %'
              limit 1),
             'GEOMETRY'), 'ZM', ''), 'Z', '')
         when 'geography' then
           coalesce(pg_catalog.substring(pg_catalog.format_type(a.atttypid, a.atttypmod), '\((\w+)'), 'Geometry')
         when 'point' then 'unknown'
         when 'polygon' then 'unknown'
         else pg_catalog.format_type(a.atttypid, null)
       end,
       case when a.atttypid in (1042, 1043) then a.atttypmod - 4
            when a.atttypid in (1560, 1562) then a.atttypmod end,
       case a.atttypid when 21 then 16 when 23 then 32 when 20 then 64 when 700 then 24 when 701 then 53
            when 1700 then case when a.atttypmod <> -1 then ((a.atttypmod - 4) >> 16) & 65535 end end,
       case when a.atttypid in (20, 21, 23) then 0
            when a.atttypid = 1700 and a.atttypmod <> -1 then (a.atttypmod - 4) & 65535 end,
       -- A virtual column (PostgreSQL 18) is neither stored nor has it a default.
       case when a.attgenerated in ('', 's') then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end,
       not a.attnotnull,
       s.unique_name,
       x.index_name,
       coalesce(s.is_primary, false),
       a.attgenerated = 's',
       coalesce(s.is_primary, false)
         and pg_catalog.pg_get_serial_sequence(pg_catalog.quote_ident(t.relname), a.attname) is not null
from tables t
join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
left join pg_catalog.pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
left join single s on s.conrelid = t.oid and s.attnum = a.attnum
left join indexed x on x.indrelid = t.oid and x.attnum = a.attnum
left join geometric g on g.oid = a.atttypid
order by t.relname, a.attnum
