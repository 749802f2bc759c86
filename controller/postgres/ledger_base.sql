-- The newest applied revision, what has begun to be live on top of it, and the repository's root commits, once for each
-- recorded SQL file: one statement, so that it is all of one state. One row where no file is recorded; empty is what is not
-- there, and what an earlier layout of the ledger does not have yet.
select r.id, r.commit, r.fingerprint, r.drift = 0,
       coalesce(pg_catalog.to_jsonb(r) ->> 'settled', ''),
       coalesce(pg_catalog.to_jsonb(r) ->> 'rolled_back_from', ''),
       r.actor || ' at ' || pg_catalog.to_char(r.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       coalesce(pg_catalog.to_jsonb(b) ->> 'inventory_format', pg_catalog.to_jsonb(r) ->> 'inventory_format', ''),
       coalesce(pg_catalog.to_jsonb(r) ->> 'pulse', ''),
       coalesce(b.commit, ''), coalesce(pg_catalog.to_jsonb(b) ->> 'snapshot_of', ''),
       pg_catalog.array_to_string(array(select root_commit from reconcile.repository order by 1), ' '),
       m.phase, m.file, m.blob, m.raw_hash, m.token_hash, m.revision,
       s.actor, s.reason, pg_catalog.to_char(s.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       pg_catalog.to_char(s.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
from (values (1)) one(row)
left join lateral (select * from reconcile.revision where applied order by id desc limit 1) r on true
left join lateral (
  select * from reconcile.revision where outcome = 'begun' and not applied and id > coalesce(r.id, 0) order by id desc limit 1
) b on true
left join lateral (
  select n.*, (pg_catalog.to_jsonb(n) ->> 'suspended_until')::timestamptz as until
  from reconcile.revision n where n.outcome in ('suspended', 'resumed') order by n.id desc limit 1
) s on s.outcome = 'suspended' and (s.until is null or s.until > pg_catalog.now())
left join reconcile.migration m on true
order by m.phase, m.name
