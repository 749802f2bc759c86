-- The column $2 of table $1: what the inventory calls it, and the constraint $3 that proved it to be not NULL; whether it
-- is NOT NULL, and the constraint gone. It always counts for all rows.
select pg_catalog.format('%I.%I.%I', n.nspname, c.relname, $2::name), pg_catalog.format('%I.%I.%I', n.nspname, c.relname, $3::name),
       a.attnotnull and not exists (select from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.conname = $3::name), true
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = $2 and not a.attisdropped
where c.oid = pg_catalog.to_regclass($1)
