-- Single-column foreign keys that start in schema public: table, column, referenced table, referenced column,
-- constraint, on update, on delete, whether it counts for all rows. Those of partitioned tables are among them, since
-- Directus lists them.
select t.relname, a.attname, r.relname, ra.attname, c.conname,
       case c.confupdtype when 'r' then 'RESTRICT' when 'c' then 'CASCADE' when 'n' then 'SET NULL'
                          when 'd' then 'SET DEFAULT' else 'NO ACTION' end,
       case c.confdeltype when 'r' then 'RESTRICT' when 'c' then 'CASCADE' when 'n' then 'SET NULL'
                          when 'd' then 'SET DEFAULT' else 'NO ACTION' end,
       c.convalidated
from pg_catalog.pg_constraint c
join pg_catalog.pg_class t on t.oid = c.conrelid
join pg_catalog.pg_class r on r.oid = c.confrelid
join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
join pg_catalog.pg_attribute ra on ra.attrelid = c.confrelid and ra.attnum = c.confkey[1]
where c.contype = 'f' and cardinality(c.conkey) = 1 and c.connamespace = 'public'::regnamespace
order by t.relname, a.attname, c.conname
