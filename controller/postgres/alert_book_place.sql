-- Whether books of alerts can be kept here. A ledger of an earlier layout has no table for them, and a role that only reads
-- may not write it; asking beforehand leaves no error in the server's log.
select coalesce(pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select') and
                pg_catalog.has_table_privilege(c.oid, 'insert') and pg_catalog.has_table_privilege(c.oid, 'update') and
                not pg_catalog.pg_is_in_recovery(), false)
from (select 'reconcile' as schema) wanted
left join pg_catalog.pg_namespace n on n.nspname = wanted.schema
left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = 'alert_book'
