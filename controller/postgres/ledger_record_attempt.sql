-- The same thing seen again counts up the newest row instead of adding one: a loop that is held for a week is one line.
with newest as (
  select id, commit, outcome, reason, error from reconcile.revision order by id desc limit 1
), repeated as (
  update reconcile.revision r set times = r.times + 1, finished_at = pg_catalog.now()
  from newest n
  where r.id = n.id and not r.applied and n.commit = $1 and n.outcome = $3 and n.reason = $4 and n.error = $5
  returning r.id
)
insert into reconcile.revision (commit, base, applied, outcome, reason, error, plan_digest, fingerprint, steps, actor, subject, started_at, finished_at)
select $1, nullif($2, ''), false, $3, $4, $5, $6, $7, $8::integer, $9, $10,
       pg_catalog.now() - make_interval(secs => $11::double precision / 1000), pg_catalog.now()
where not exists (select from repeated)
