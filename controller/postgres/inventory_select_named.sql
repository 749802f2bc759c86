-- For inventory_attribute.sql: what is not as git made it, or is to be claimed more exactly, of the objects of the list
-- $4, "kind name" each, and of what is about $5 or a part of it, where that is not empty.
(live.definition is distinct from noted.definition or noted.commit = nullif($3, ''))
and (kind || ' ' || name in (select * from pg_catalog.jsonb_array_elements_text($4::jsonb))
     or $5 <> '' and pg_catalog.starts_with(coalesce(live.about, noted.about), $5)
       and pg_catalog.substr(coalesce(live.about, noted.about), pg_catalog.length($5) + 1, 1) in ('', '.'))
