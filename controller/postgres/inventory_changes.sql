-- What became of the objects called $1, or something that ends in it, oldest first.
with wanted as (select pg_catalog.replace($1, '"', '') as wish)
select kind, c.name, action, file, commit, pg_catalog.to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), before
from reconcile.inventory_change c, wanted
where wish in (pg_catalog.replace(c.name, '"', ''), kind || ' ' || pg_catalog.replace(c.name, '"', ''))
   or pg_catalog.right(pg_catalog.replace(c.name, '"', ''), pg_catalog.length(wish) + 1) = '.' || wish
order by id
