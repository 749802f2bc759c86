-- Whether there is a ledger, and whether its layout is one that names stale instances. Names that are looked up cost a tenth
-- of a search through the catalog, and every pass with nothing to do waits for this.
select pg_catalog.to_regclass('reconcile.revision') is not null,
       pg_catalog.to_regclass('reconcile.stale_instance') is not null
