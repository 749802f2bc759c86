-- The book $2 of the target $1, if the session $3 still holds the lease of the key $4. The locks of all databases of the
-- server are in this view: the lease may be in another one.
insert into reconcile.alert_book as kept (target, book)
select $1, $2
where exists (
  select from pg_catalog.pg_locks
  where locktype = 'advisory' and granted and pid = $3::int and objsubid = 1 and mode = 'ExclusiveLock'
    and (classid::bigint << 32 | objid::bigint) = $4::bigint
)
on conflict (target) do update
set book = excluded.book, version = kept.version + 1, written_at = pg_catalog.now()
returning version
