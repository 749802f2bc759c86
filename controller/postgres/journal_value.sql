-- The enum $1, and whether it has the value $2.
select pg_catalog.format('%I.%I', n.nspname, t.typname),
       exists (select from pg_catalog.pg_enum e where e.enumtypid = t.oid and e.enumlabel = $2)
from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
where t.oid = pg_catalog.to_regtype($1)
