-- The constraint $2 of table $1, whether it is there or not: what the inventory calls it, and the index of its name;
-- whether it is there, and counts for all rows.
select pg_catalog.format('%I.%I.%I', n.nspname, c.relname, $2::name), pg_catalog.format('%I.%I', n.nspname, $2::name),
       k.oid is not null, coalesce(k.convalidated, false)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_constraint k on k.conrelid = c.oid and k.conname = $2::name
where c.oid = pg_catalog.to_regclass($1)
