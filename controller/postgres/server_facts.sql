-- What kind of database this is: server version, whether the Directus metadata tables are there, whether the ledger is.
select pg_catalog.current_setting('server_version_num'),
       pg_catalog.to_regclass('public.directus_collections') is not null
         and pg_catalog.to_regclass('public.directus_fields') is not null
         and pg_catalog.to_regclass('public.directus_relations') is not null,
       pg_catalog.to_regclass('reconcile.revision') is not null
