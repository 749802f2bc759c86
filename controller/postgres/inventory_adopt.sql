-- What the database has of the objects of $3, a list of [kind, name], is git's from now on, made by a file of a commit;
-- what is gone, that has removed. Returns fingerprint and pulse. $1 file, $2 commit.
with live as materialized (
  select * from live_inventory live
), wanted as materialized (
  select distinct pair ->> 0 as kind, pair ->> 1 as name from pg_catalog.jsonb_array_elements($3::jsonb) pair
), changed as materialized (
  select kind, name, coalesce(live.about, noted.about) as about, live.definition as live, noted.definition as owned
  from wanted left join live using (kind, name) left join reconcile.inventory noted using (kind, name)
  where live.definition is distinct from noted.definition or noted.commit = $2
), remembered as (
  insert into reconcile.inventory_change (kind, name, action, file, commit, before)
  select kind, name, case when live is null then 'removed' else 'changed' end, $1, $2, owned
  from changed where owned is not null and live is distinct from owned
), gone as (
  delete from reconcile.inventory i using changed c where (i.kind, i.name) = (c.kind, c.name) and c.live is null
), made as (
  -- What another stage of this very revision has claimed already, this file is more exact about.
  insert into reconcile.inventory as i (kind, name, about, definition, file, commit)
  select kind, name, about, live, $1, $2 from changed where live is not null
  on conflict (kind, name) do update
  set definition = excluded.definition, seen = null, about = excluded.about,
      since = case when i.definition is null then excluded.since else i.since end,
      file = case when i.definition is null or i.commit = $2 then excluded.file else i.file end,
      commit = case when i.definition is null then excluded.commit else i.commit end
)
select live_fingerprint, live_pulse from live
