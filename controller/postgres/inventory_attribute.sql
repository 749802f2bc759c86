-- Whatever has changed since the last look is the work of a file of a commit, and git's from now on; returns the
-- fingerprint. $1 file, $2 commit, $3 [{"about", "line"}]: where in the file things come from; what is about those and
-- there already is git's as well.
with live as materialized (
  select * from live_inventory live
), places as materialized (
  select about, pg_catalog.min(line) as line from pg_catalog.jsonb_to_recordset($3::jsonb) as p(about text, line integer) group by 1
), changed as materialized (
  select kind, name, coalesce(live.about, noted.about) as about, live.definition as live, noted.definition as owned,
         noted.kind is not null and noted.definition is not null as was_owned
  from live full join reconcile.inventory noted using (kind, name)
  left join places on places.about = live.about
  where coalesce(live.definition, '') is distinct from coalesce(noted.seen, noted.definition)
     or (places.about is not null and noted.definition is null and live.definition is not null)
), remembered as (
  insert into reconcile.inventory_change (kind, name, action, file, line, commit, before)
  select c.kind, c.name, case when c.live is null then 'removed' else 'changed' end, $1,
         coalesce(p.line, 0), $2, c.owned
  from changed c left join places p on p.about = c.about
  where c.was_owned and c.live is distinct from c.owned
), gone as (
  delete from reconcile.inventory i using changed c where (i.kind, i.name) = (c.kind, c.name) and c.live is null
), made as (
  insert into reconcile.inventory as i (kind, name, about, definition, file, line, commit)
  select c.kind, c.name, c.about, c.live, $1, coalesce(p.line, 0), $2
  from changed c left join places p on p.about = c.about
  where c.live is not null
  on conflict (kind, name) do update
  set definition = excluded.definition, seen = null, about = excluded.about, since = pg_catalog.now(),
      file = case when i.definition is null then excluded.file else i.file end,
      line = case when i.definition is null then excluded.line else i.line end,
      commit = case when i.definition is null then excluded.commit else i.commit end
)
select pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
         coalesce(pg_catalog.string_agg(pg_catalog.concat(kind, ' ', name, E'\n', definition), E'\n'
                                        order by kind collate "C", name collate "C"), ''), 'UTF8')), 'hex')
from live
