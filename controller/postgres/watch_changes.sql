select pg_catalog.to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), role, application, address, command,
       pg_catalog.to_json(objects), statement
from reconcile.change order by id desc limit 1000
