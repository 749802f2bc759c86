-- What there is of an index: $1 is the index as SQL, or the table whose schema has or gets one called $2. Its name, whether
-- it can be used, whether it is of that table, its definition, what of that does not depend on names, who works on its
-- table just now, and what an interrupted REINDEX of it, or of table $1, has left behind.
with asked as (
  select pg_catalog.to_regclass($1)::oid as oid
), found as (
  select c.oid, c.relname, c.relkind, n.nspname
  from asked
  join pg_catalog.pg_class a on a.oid = asked.oid
  join pg_catalog.pg_class c on case when $2 = '' then c.oid = a.oid
                                     else c.relnamespace = a.relnamespace and c.relname = $2::name end
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
), detail as (
  select f.*, i.indrelid, i.indisvalid and i.indisready as whole, i.indisunique,
         pg_catalog.pg_get_indexdef(i.indexrelid) as definition, coalesce(i.indrelid, f.oid) as head,
         pg_catalog.length(pg_catalog.format('CREATE %sINDEX %I ON ', case when i.indisunique then 'UNIQUE ' end, f.relname)) as head_length
  from found f
  left join pg_catalog.pg_index i on i.indexrelid = f.oid
)
select pg_catalog.format('%I.%I', d.nspname, d.relname), coalesce(d.whole, true),
       $2 = '' or coalesce(d.indrelid = asked.oid, false),
       coalesce(d.definition, pg_catalog.format('relation %I.%I', d.nspname, d.relname)),
       -- From the access method on. A table's name that has the word in it has it in both.
       d.indisunique || pg_catalog.substr(d.definition, pg_catalog.strpos(
         pg_catalog.substr(d.definition, d.head_length + 1), ' USING ') + d.head_length),
       (select 'pid ' || l.pid
        from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity s on s.pid = l.pid
        where l.locktype = 'relation' and l.relation = d.head and l.granted and l.mode = 'ShareUpdateExclusiveLock'
          and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
          and l.pid <> pg_catalog.pg_backend_pid() and s.backend_type is distinct from 'autovacuum worker'
        limit 1),
       (select pg_catalog.jsonb_agg(pg_catalog.format('%I.%I', n.nspname, c.relname))
        from pg_catalog.pg_index i
        join pg_catalog.pg_class c on c.oid = i.indexrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where i.indrelid in (d.head, (select h.reltoastrelid from pg_catalog.pg_class h where h.oid = d.head)) and not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$'
          and (d.relkind not in ('i', 'I')
               or pg_catalog.strpos(d.relname, pg_catalog.regexp_replace(c.relname, '_cc(new|old)[0-9]*$', '')) = 1))
from asked join detail d on true
