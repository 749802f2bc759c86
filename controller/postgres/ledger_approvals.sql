-- One line for each object of each approval that was given since the newest revision was applied: an older one was for
-- what is done.
select a.id, a.revision, a.plan_digest, a.fingerprint, a.actor, a.reason,
       pg_catalog.to_char(a.approved_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), o.object, o.rows
from reconcile.approval a, unnest(a.objects, a.rows) o(object, rows)
where a.approved_at > coalesce((select max(finished_at) from reconcile.revision where applied), '-infinity')
order by a.id desc, o.object
