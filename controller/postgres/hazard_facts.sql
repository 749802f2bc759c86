-- What the hazards of a plan depend on. Columns: kind (relation, type, function), facts (one JSON object).
-- $1: JSON array of the names that the plan mentions, in whatever schema. $2: of the schemas whose relations all count.
-- The relations come as the role's own search path shows them, so it must be in force.
-- A table without a block has no rows. Its size is read from the file system: reltuples is only an estimate.
with recursive names as (select pg_catalog.jsonb_array_elements_text($1::jsonb) as name),
schemas as (select pg_catalog.jsonb_array_elements_text($2::jsonb) as name),
wanted as materialized (
  select c.oid, c.relname, n.nspname, c.relkind, c.reltuples, i.indrelid, i.indkey, i.indnkeyatts,
    coalesce(i.indrelid, c.oid) as head
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_index i on i.indexrelid = c.oid
  where c.relkind in ('r', 'p', 'm', 'i', 'I', 'S', 'v', 'f')
    and n.nspname !~ '^(pg_|information_schema$)'
    and (c.relname in (select name from names) or n.nspname in (select name from schemas))
),
tree(head, oid) as (  -- partitions, children, chunks
  select distinct head, head from wanted
  union
  select tree.head, i.inhrelid from tree join pg_catalog.pg_inherits i on i.inhparent = tree.oid
),
referrers(head, oid) as (
  select distinct head, head from wanted
  union
  select r.head, k.conrelid from referrers r
  join pg_catalog.pg_constraint k on k.confrelid = r.oid and k.contype = 'f'
),
sized as materialized (
  select distinct c.oid, pg_catalog.pg_relation_size(c.oid) > 0 as filled, c.reltuples
  from (select oid from tree union select oid from referrers) every
  join pg_catalog.pg_class c on c.oid = every.oid and c.relkind in ('r', 'm')
),
heads as (
  select t.head, pg_catalog.bool_or(s.filled) as filled,
    pg_catalog.sum(s.reltuples) filter (where s.reltuples >= 0)::bigint as tuples
  from tree t join sized s on s.oid = t.oid group by t.head
),
kinds as materialized (
  select t.oid, t.typname, n.nspname, t.typtype, t.typnotnull, t.typbasetype
  from pg_catalog.pg_type t
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  left join pg_catalog.pg_class c on c.oid = t.typrelid
  where t.typname in (select name from names) and n.nspname !~ '^(pg_|information_schema$)'
    and (c.oid is null or c.relkind = 'c')  -- not the row types of tables
),
made_of(head, oid) as (  -- arrays, domains and composite types of a type
  select oid, oid from kinds
  union
  select m.head, part.oid from made_of m cross join lateral (
    select t.oid from pg_catalog.pg_type t where m.oid in (t.typbasetype, t.typelem)
    union all
    select c.reltype from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind = 'c' where a.atttypid = m.oid) part
),
referred as (
  select r.head, pg_catalog.bool_or(s.filled) as filled
  from referrers r join sized s on s.oid = r.oid where r.oid <> r.head group by r.head
)
select 'relation', pg_catalog.jsonb_build_object(
  'schema', w.nspname, 'name', w.relname, 'kind', w.relkind, 'visible', pg_catalog.pg_table_is_visible(w.oid),
  'inherited', exists (select from pg_catalog.pg_inherits i where i.inhparent = w.oid),
  'populated', case when w.relkind <> 'S' then coalesce(h.filled, false)
    when not pg_catalog.has_sequence_privilege(w.oid, 'select, usage') then true
    else pg_catalog.pg_sequence_last_value(w.oid) is not null end,
  'referrers_populated', coalesce(r.filled, false),
  'rows', h.tuples,
  'table', (select n.nspname || '.' || c.relname from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = w.indrelid),
  'columns', (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('name', a.attname,
      'type', pg_catalog.format_type(a.atttypid, null), 'modifier', a.atttypmod, 'not_null', a.attnotnull))
    from pg_catalog.pg_attribute a
    where a.attrelid = w.head and a.attnum > 0 and not a.attisdropped
      and (w.indrelid is null or a.attnum = any ((w.indkey::int2[])[0:w.indnkeyatts - 1]))),
  'not_null_checks', (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('name', k.conname,
      'column', a.attname, 'validated', k.convalidated))
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and k.conkey = array[a.attnum]
    where k.conrelid = w.oid and k.contype = 'c'
      and pg_catalog.pg_get_expr(k.conbin, k.conrelid) = pg_catalog.format('(%I IS NOT NULL)', a.attname)),
  'foreign_keys', (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('name', k.conname,
      'schema', n.nspname, 'table', p.relname, 'columns', (select pg_catalog.jsonb_agg(a.attname)
        from pg_catalog.pg_attribute a where a.attrelid = k.conrelid and a.attnum = any (k.conkey))))
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class p on p.oid = k.confrelid
    join pg_catalog.pg_namespace n on n.oid = p.relnamespace
    where k.conrelid = w.oid and k.contype = 'f'),
  'indexed', (select pg_catalog.jsonb_agg(distinct a.attname)
    from pg_catalog.pg_index i
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid = w.oid and i.indisvalid and i.indpred is null))::text
from wanted w
left join heads h on h.head = w.head
left join referred r on r.head = w.head
union all
select 'type', pg_catalog.jsonb_build_object('schema', k.nspname, 'name', k.typname,
  'constrained', k.typtype = 'd' and (k.typnotnull
    or exists (select from pg_catalog.pg_constraint c where c.contypid in (k.oid, nullif(k.typbasetype, 0)))),
  'in_use', exists (select from made_of m
    join pg_catalog.pg_attribute a on a.atttypid = m.oid and not a.attisdropped
    join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'm')
    where m.head = k.oid and pg_catalog.pg_relation_size(c.oid) > 0))::text
from kinds k
union all
select 'function', pg_catalog.jsonb_build_object('name', p.proname,
  'is_volatile', pg_catalog.bool_or(p.provolatile = 'v'),
  'built_in', pg_catalog.bool_and(p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace))::text
from pg_catalog.pg_proc p
where p.proname in (select name from names)
group by p.proname
union all
select 'schema', pg_catalog.jsonb_build_object('name', coalesce(pg_catalog.current_schema(), 'public'))::text
