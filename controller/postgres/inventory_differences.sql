-- What is not as git made it, and what git did not make. Columns come in the order they stand in their table.
select kind, name, coalesce(live.about, owned.about), owned.definition, live.definition, owned.file, owned.commit
from live_inventory live
full join reconcile.inventory owned using (kind, name)
left join (
  select pg_catalog.format('%I.%I', n.nspname, c.relname) as relation, a.attnum,
         pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname) as name
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'f')
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_'
  where a.attnum > 0 and not a.attisdropped
) place using (name)
where live.definition is distinct from owned.definition
order by 1, case kind when 'column' then coalesce(place.relation, name) else name end,
         case kind when 'column' then place.attnum end, 2
