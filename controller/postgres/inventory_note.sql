-- Notes what has changed without git since the last look, and returns fingerprint and pulse. $1: what is taken for git's as
-- it is: "nothing"; "owned", where definitions of what git owns were written in another way before; "everything" but
-- what belongs to Directus itself and what is about one of $2, a list.
with live as materialized (
  select * from live_inventory live
), changed as materialized (
  select kind, name, coalesce(live.about, noted.about) as about, live.definition as live, noted.definition as owned,
         case $1 when 'owned' then noted.definition is not null
                 when 'everything' then live.about not like 'directus\_%'
                   and live.about not in (select * from pg_catalog.jsonb_array_elements_text($2::jsonb))
                 else false end as trusted
  from live full join reconcile.inventory noted using (kind, name)
  where coalesce(live.definition, '') is distinct from coalesce(noted.seen, noted.definition)
), gone as (
  delete from reconcile.inventory i using changed c
  where (i.kind, i.name) = (c.kind, c.name) and c.owned is null and c.live is null
), noted as (
  insert into reconcile.inventory as i (kind, name, about, definition, seen)
  select kind, name, about, case when trusted then live end,
         case when not trusted or live is null then coalesce(live, '') end
  from changed
  where live is not null or owned is not null
  on conflict (kind, name) do update
  set definition = coalesce(excluded.definition, i.definition), about = excluded.about,
      seen = nullif(excluded.seen, coalesce(excluded.definition, i.definition))
)
select live_fingerprint, live_pulse from live
