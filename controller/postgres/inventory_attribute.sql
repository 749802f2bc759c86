-- What has changed of the selected objects is the work of a file of a commit, and git's from now on; what is gone, that
-- has removed. Returns fingerprint and pulse. $1 file, $2 commit, $3 the commit whose other files claimed less exactly
-- what this one made, or ''; what follows is for the selection.
with live as materialized (
  select * from live_inventory live
), changed as materialized (
  select kind, name, coalesce(live.about, noted.about) as about, live.definition as live, noted.definition as owned
  from live full join reconcile.inventory noted using (kind, name)
  where selected_objects
), remembered as (
  insert into reconcile.inventory_change (kind, name, action, file, commit, before)
  select kind, name, case when live is null then 'removed' else 'changed' end, $1, $2, owned
  from changed where owned is not null and live is distinct from owned
), gone as (
  delete from reconcile.inventory i using changed c where (i.kind, i.name) = (c.kind, c.name) and c.live is null
), made as (
  insert into reconcile.inventory as i (kind, name, about, definition, file, commit)
  select kind, name, about, live, $1, $2 from changed where live is not null
  on conflict (kind, name) do update
  set definition = excluded.definition, seen = null, about = excluded.about,
      since = case when i.definition is null then excluded.since else i.since end,
      file = case when i.definition is null or i.commit = nullif($3, '') then excluded.file else i.file end,
      commit = case when i.definition is null then excluded.commit else i.commit end
)
select live_fingerprint, live_pulse from live
