-- What is known of the objects called $1, or something that ends in it. Quotes do not matter.
with wanted as (select pg_catalog.replace($1, '"', '') as wish)
select kind, name, coalesce(live.about, owned.about), owned.definition, live.definition, owned.file, owned.commit,
       pg_catalog.to_char(owned.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
from live_inventory live
full join reconcile.inventory owned using (kind, name)
cross join wanted
where wish in (pg_catalog.replace(name, '"', ''), kind || ' ' || pg_catalog.replace(name, '"', ''))
   or pg_catalog.right(pg_catalog.replace(name, '"', ''), pg_catalog.length(wish) + 1) = '.' || wish
   or coalesce(live.about, owned.about) = wish and kind not in ('column', 'table')
order by kind in ('collection', 'field', 'relation', 'table', 'column') desc, kind, name
