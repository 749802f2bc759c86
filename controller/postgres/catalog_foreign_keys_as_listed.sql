-- The same as catalog_foreign_keys.sql, in the order in which Directus lists them. It asks for none, and what it gets
-- shows: where a column has several, and in versions before 11.10, which list those without metadata. Joins and
-- conditions are therefore Directus' own (11.1 to 12.4): the same question in the same words makes PostgreSQL choose the
-- same plan, as long as nothing is set that forbids it.
select rel.relname, att.attname, frel.relname, fatt.attname, con.conname,
       case con.confupdtype when 'r' then 'RESTRICT' when 'c' then 'CASCADE' when 'n' then 'SET NULL'
                            when 'd' then 'SET DEFAULT' when 'a' then 'NO ACTION' end,
       case con.confdeltype when 'r' then 'RESTRICT' when 'c' then 'CASCADE' when 'n' then 'SET NULL'
                            when 'd' then 'SET DEFAULT' when 'a' then 'NO ACTION' end,
       con.convalidated
from pg_constraint con
left join pg_class rel on con.conrelid = rel.oid
left join pg_class frel on con.confrelid = frel.oid
left join pg_attribute att on att.attrelid = con.conrelid and att.attnum = con.conkey[1]
left join pg_attribute fatt on fatt.attrelid = con.confrelid and fatt.attnum = con.confkey[1]
where con.connamespace in ('public'::regnamespace)
  and array_length(con.conkey, 1) <= 1
  and (con.confkey is null or array_length(con.confkey, 1) = 1)
  and con.contype = 'f'
