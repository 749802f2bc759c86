-- Notes what has changed without git since the last look, and returns the fingerprint. $1: whether definitions are
-- written in another way than before, so that what git owns is taken as it is now.
with live as materialized (
  select * from live_inventory live
), changed as materialized (
  select kind, name, coalesce(live.about, noted.about) as about, live.definition as live, noted.definition as owned
  from live full join reconcile.inventory noted using (kind, name)
  where coalesce(live.definition, '') is distinct from coalesce(noted.seen, noted.definition)
), gone as (
  delete from reconcile.inventory i using changed c
  where (i.kind, i.name) = (c.kind, c.name) and c.owned is null and c.live is null
), noted as (
  insert into reconcile.inventory as i (kind, name, about, definition, seen)
  select kind, name, about, case when $1::boolean and owned is not null then live end, coalesce(live, '') from changed
  where live is not null or owned is not null
  on conflict (kind, name) do update
  set definition = coalesce(excluded.definition, i.definition), about = excluded.about,
      seen = nullif(excluded.seen, coalesce(excluded.definition, i.definition))
)
select pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
         coalesce(pg_catalog.string_agg(pg_catalog.concat(kind, ' ', name, E'\n', definition), E'\n'
                                        order by kind collate "C", name collate "C"), ''), 'UTF8')), 'hex')
from live
