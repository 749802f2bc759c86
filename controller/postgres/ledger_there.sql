-- Whether there is a ledger, whether its layout is one that names stale instances, and whether it keeps who changes the
-- schema. Names that are looked up cost a tenth
-- of a search through the catalog, and every pass with nothing to do waits for this.
select pg_catalog.to_regclass('reconcile.revision') is not null,
       pg_catalog.to_regclass('reconcile.stale_instance') is not null,
       pg_catalog.to_regclass('reconcile.change') is not null
