-- Every lease in this database, and how many replicas have a session here. A lease is an advisory lock of one 64-bit key;
-- each replica's session shares the lock of the key $1. Anybody who may connect can share it as well: only sessions of our
-- own role are replicas.
select classid::bigint << 32 | objid::bigint, pid, mode = 'ShareLock',
       coalesce(pg_catalog.replace(application_name, 'reconcile leader ', ''), 'pid ' || pid), pid = pg_catalog.pg_backend_pid()
from pg_catalog.pg_locks l
left join pg_catalog.pg_stat_activity using (pid)
where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
  and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
  and (mode = 'ExclusiveLock' or classid::bigint << 32 | objid::bigint = $1::bigint and usename = session_user)
