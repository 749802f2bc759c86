-- What is in quarantine, oldest first.
select id, kind, collection, field, coalesce(place, ''), rows, coalesce(removed_by, ''),
       pg_catalog.to_char(removed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       coalesce(pg_catalog.to_char(purge_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ''),
       coalesce(purge_after < pg_catalog.now(), false),
       extract(epoch from pg_catalog.now() - removed_at)::bigint
from reconcile.quarantine
where ended is null
order by id
