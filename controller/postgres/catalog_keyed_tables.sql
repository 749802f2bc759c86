-- Tables of schema public whose primary key is one column, partitioned ones among them. Columns: name.
-- Directus shows the fields of these only.
select c.relname
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indrelid
where i.indisprimary and i.indnatts = 1 and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
