-- When the database came to each of its commits. What is healed, or taken over at the same commit, is no new one.
select commit, (extract(epoch from finished_at) * 1000)::bigint, steps > 0, outcome = 'rolled-back'
from (
  select id, commit, finished_at, steps, outcome, pg_catalog.lag(commit) over (order by id) as before
  from (select * from reconcile.revision where applied order by id desc limit 2000) newest
) r
where before is distinct from commit or outcome = 'rolled-back'
order by id desc
limit 500
