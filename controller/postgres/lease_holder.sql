-- Who holds the lease (advisory lock 0x5265636F, 0x6E63696C: "Reco", "ncil") in this database.
select pg_catalog.format('pid %s%s%s, since %s UTC', a.pid,
                         case when a.client_addr is null then '' else ' from ' || pg_catalog.host(a.client_addr) end,
                         case when a.usename is null then '' else ' as ' || a.usename end,
                         pg_catalog.to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
from pg_catalog.pg_locks l
join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.classid = 1382376303 and l.objid = 1852008812 and l.granted
  and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
