-- The newest applied revision, and what has begun to be live on top of it: one row, empty where there is neither. What an
-- earlier layout of the ledger does not have yet comes out empty.
select r.id, r.commit, r.fingerprint, r.drift = 0,
       coalesce(pg_catalog.to_jsonb(r) ->> 'settled', ''),
       coalesce(pg_catalog.to_jsonb(r) ->> 'rolled_back_from', ''),
       r.actor || ' at ' || pg_catalog.to_char(r.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       coalesce(pg_catalog.to_jsonb(b) ->> 'inventory_format', pg_catalog.to_jsonb(r) ->> 'inventory_format', ''),
       coalesce(pg_catalog.to_jsonb(r) ->> 'pulse', ''),
       coalesce(b.commit, ''), coalesce(pg_catalog.to_jsonb(b) ->> 'snapshot_of', '')
from (values (1)) one(row)
left join lateral (select * from reconcile.revision where applied order by id desc limit 1) r on true
left join lateral (
  select * from reconcile.revision where outcome = 'begun' and not applied and id > coalesce(r.id, 0) order by id desc limit 1
) b on true
