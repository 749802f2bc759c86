-- The metadata rows of Directus: kind, name, and what they say. Of their numbers only the order counts, and only among
-- those of one collection: it is the order in a snapshot.
select 'Directus collection' as kind, collection as name, (pg_catalog.to_jsonb(t) - 'collection')::text as definition
from public.directus_collections t
union all
select 'Directus field', collection || '.' || field,
       (pg_catalog.to_jsonb(t) - '{id,collection,field}'::text[])::text || ' place '
         || pg_catalog.row_number() over (partition by collection order by id)
from public.directus_fields t
union all
select 'Directus relation', many_collection || '.' || many_field,
       (pg_catalog.to_jsonb(t) - '{id,many_collection,many_field}'::text[])::text || ' place '
         || pg_catalog.row_number() over (partition by many_collection order by id)
from public.directus_relations t
order by 1, 2
