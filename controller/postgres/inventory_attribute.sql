-- Whatever has changed since the last look is the work of a file of a commit, and git's from now on; returns
-- fingerprint and pulse. $1 file, $2 commit, $3 a list of what that file claims: of it, what is there already is git's as well.
-- $4, $5: where they are not empty, only the objects of that list (kind and name) and those about $5 are meant.
with live as materialized (
  select * from live_inventory live
), claimed as materialized (
  select distinct about from pg_catalog.jsonb_array_elements_text($3::jsonb) about
), changed as materialized (
  select kind, name, coalesce(live.about, noted.about) as about, live.definition as live, noted.definition as owned
  from live full join reconcile.inventory noted using (kind, name)
  left join claimed on claimed.about = live.about
  where case
    when $4::jsonb = '[]' and $5 = '' then
      coalesce(live.definition, '') is distinct from coalesce(noted.seen, noted.definition)
      or (claimed.about is not null and noted.definition is null and live.definition is not null)
    else live.definition is distinct from noted.definition
      and (exists (select from pg_catalog.jsonb_array_elements_text($4::jsonb) meant where meant = kind || ' ' || name)
           or ($5 <> '' and pg_catalog.split_part(coalesce(live.about, noted.about), $5, 1) = ''
               and pg_catalog.substr(coalesce(live.about, noted.about), pg_catalog.length($5) + 1, 1) in ('', '.')))
    end
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
      file = case when i.definition is null then excluded.file else i.file end,
      commit = case when i.definition is null then excluded.commit else i.commit end
)
select live_fingerprint, live_pulse from live
