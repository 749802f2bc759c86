-- Extensions TRM uses where the server offers them: TimescaleDB for positions, PostGIS for the courses of phase 2.
--
-- Neither is needed for the rest of TRM, so a server without them is not an error: a developer's plain PostgreSQL, the
-- throwaway one of CI, and production must all come out of the same files. Three things can be in the way, and each
-- is said, not raised:
--   * the server does not have the extension's files (pg_available_extensions);
--   * TimescaleDB is there but not in shared_preload_libraries: creating it then ends the session with a FATAL error,
--     which no exception handler can catch, so it is looked at before;
--   * this role may not create extensions, or may not see that setting (insufficient_privilege). On managed servers a
--     role that is no superuser often may, so the answer comes from trying and not from rolsuper.
--
-- PostGIS stays in the default schema: Directus writes `geometry(...)` and reads geometry_columns without a schema.
-- Directus leaves its table spatial_ref_sys out of snapshots (DB_EXCLUDE_TABLES), so these stay the same either way.

do $$
begin
  if exists (select from pg_extension where extname = 'timescaledb') then
    return;
  elsif not exists (select from pg_available_extensions where name = 'timescaledb') then
    raise notice 'timescaledb is not available on this server: positions will be an ordinary table';
  elsif current_setting('shared_preload_libraries') !~ '\mtimescaledb\M' then
    raise notice 'timescaledb is not in shared_preload_libraries: positions will be an ordinary table';
  else
    create extension timescaledb;
  end if;
exception when insufficient_privilege then
  raise notice 'role % may not create timescaledb: positions will be an ordinary table', current_user;
end
$$;

do $$
begin
  if exists (select from pg_extension where extname = 'postgis') then
    return;
  elsif not exists (select from pg_available_extensions where name = 'postgis') then
    raise notice 'postgis is not available on this server';
  else
    create extension postgis;
  end if;
exception when insufficient_privilege then
  raise notice 'role % may not create postgis', current_user;
end
$$;
