-- How table $2 stands to its parent $1: attached, wholly so, and what the inventory calls it.
select i.inhrelid is not null, not coalesce(i.inhdetachpending, false),
       case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_inherits i on i.inhrelid = c.oid and i.inhparent = pg_catalog.to_regclass($1)
where c.oid = pg_catalog.to_regclass($2)
