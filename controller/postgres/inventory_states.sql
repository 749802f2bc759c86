-- What git made and the database has of the objects of the list $1, "kind name" each.
select kind, name, coalesce(live.about, owned.about), owned.definition, live.definition, owned.file, owned.commit
from live_inventory live
full join owned_inventory owned using (kind, name)
where kind || ' ' || name in (select * from pg_catalog.jsonb_array_elements_text($1::jsonb))
order by 1, 2
