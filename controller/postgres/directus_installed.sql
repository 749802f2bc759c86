-- Whether Directus is installed in this database: its metadata tables are there.
select pg_catalog.to_regclass('public.directus_collections') is not null
   and pg_catalog.to_regclass('public.directus_fields') is not null
   and pg_catalog.to_regclass('public.directus_relations') is not null
