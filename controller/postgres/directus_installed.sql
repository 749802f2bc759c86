-- Whether Directus is installed in this database: its metadata tables are there. And the moment at which this is read:
-- within a transaction that repeats its reads, that of all of them.
select pg_catalog.to_regclass('public.directus_collections') is not null
   and pg_catalog.to_regclass('public.directus_fields') is not null
   and pg_catalog.to_regclass('public.directus_relations') is not null,
       pg_catalog.pg_current_snapshot()::text
