-- Whether anything was written to the catalog or the Directus metadata since it was asked last: every change puts a new
-- version of a row there, with the transaction that wrote it and its place. Equal answers prove that nothing was;
-- different ones prove nothing, since temporary tables and a VACUUM FULL are seen as well. Objects made by PostgreSQL
-- itself have numbers below 16384; schema public is 2200.
select pg_catalog.concat_ws('-', pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hashtextextended(row, 0))) as pulse
from (
  select 'n' || xmin || ctid from pg_catalog.pg_namespace
  union all select 'c' || xmin || ctid from pg_catalog.pg_class where oid >= 16384
  union all select 'a' || xmin || ctid from pg_catalog.pg_attribute where attrelid >= 16384
  union all select 'd' || xmin || ctid from pg_catalog.pg_attrdef
  union all select 'k' || xmin || ctid from pg_catalog.pg_constraint where oid >= 16384
  union all select 'i' || xmin || ctid from pg_catalog.pg_index where indexrelid >= 16384
  union all select 'h' || xmin || ctid from pg_catalog.pg_inherits
  union all select 't' || xmin || ctid from pg_catalog.pg_trigger
  union all select 'p' || xmin || ctid from pg_catalog.pg_policy
  union all select 'r' || xmin || ctid from pg_catalog.pg_rewrite where oid >= 16384
  union all select 's' || xmin || ctid from pg_catalog.pg_sequence
  union all select 'f' || xmin || ctid from pg_catalog.pg_proc where oid >= 16384
  union all select 'g' || xmin || ctid from pg_catalog.pg_aggregate where aggfnoid >= 16384
  union all select 'y' || xmin || ctid from pg_catalog.pg_type where oid >= 16384
  union all select 'e' || xmin || ctid from pg_catalog.pg_enum
  union all select 'w' || xmin || ctid from pg_catalog.pg_range where rngtypid >= 16384
  union all select 'v' || xmin || ctid from pg_catalog.pg_event_trigger
  union all select 'x' || xmin || ctid from pg_catalog.pg_extension
  union all select 'o' || xmin || ctid from pg_catalog.pg_description where objoid >= 16384 or objoid = 2200
  union all select 'm' || xmin || ctid from pg_catalog.pg_depend where deptype in ('a', 'e', 'i') and objid >= 16384
  union all select 'q' || xmin || ctid from pg_catalog.pg_statistic_ext
  union all select 'u' || xmin || ctid from pg_catalog.pg_foreign_table
  union all select 'b' || xmin || ctid from pg_catalog.pg_partitioned_table
  union all select line from directus_versions
) rows(row)
