-- The newest applied revision. What an earlier layout of the ledger does not have yet comes out empty.
select id, commit, fingerprint, drift = 0,
       coalesce(pg_catalog.to_jsonb(r) ->> 'settled', ''),
       coalesce(pg_catalog.to_jsonb(r) ->> 'rolled_back_from', ''),
       actor || ' at ' || pg_catalog.to_char(finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       coalesce(pg_catalog.to_jsonb(r) ->> 'inventory_format', ''),
       coalesce(pg_catalog.to_jsonb(r) ->> 'pulse', '')
from reconcile.revision r
where applied
order by id desc
limit 1
