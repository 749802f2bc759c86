select id, commit, coalesce(base, ''), outcome, reason, error, actor, subject,
       pg_catalog.to_char(started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       (extract(epoch from finished_at - started_at) * 1000)::bigint, steps, times
from reconcile.revision
order by id desc
limit $1
