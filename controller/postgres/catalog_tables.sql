-- Ordinary tables of schema public. Columns: name.
-- Directus reads its own schema only; relkind 'r' is what its introspection sees.
select c.relname
from pg_catalog.pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
order by c.relname
