-- What two databases that came about in different ways must have in common. From PostgreSQL 18 on a not-null constraint has a
-- name, which tells how the column came about and no more.
select kind, name,
       case kind when 'column' then pg_catalog.regexp_replace(definition, ' constraint ("([^"]|"")+"|[^ "]+) not null', ' not null')
                 else definition end
from live_inventory live
