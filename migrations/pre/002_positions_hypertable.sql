-- Where every device was, and when: written by the processor at a high rate, read by time.
--
-- It lives in a schema of its own because Directus must not see it. Directus 11.6.1 lists every table of its search
-- path in its schema snapshot, also the ones it does not manage, as `meta: null`; a public.positions would therefore
-- turn up in every snapshot that is taken. (A composite primary key only hides the columns.) What is outside
-- public, it does not see, whether this is an ordinary table or a hypertable; the chunks of a hypertable are in
-- TimescaleDB's own schemas. The processor finds it by  alter role … set search_path = telemetry, public.
--
-- An older database has public.positions, and this file recorded as applied under the same name: nothing moves there.
-- To keep its snapshot clean, run its Directus with  DB_EXCLUDE_TABLES=spatial_ref_sys,sysdiagrams,positions.

create schema if not exists telemetry;

create table if not exists telemetry.positions (
  device      text not null,             -- the IMEI, as in devices.imei
  "time"      timestamptz not null,      -- by the device's own clock
  received_at timestamptz not null default now(),
  latitude    double precision not null, -- WGS 84; two numbers, since PostGIS may not be there
  longitude   double precision not null,
  altitude    real,                      -- metres
  speed       real,                      -- km/h
  heading     real,                      -- degrees from north, clockwise
  attributes  jsonb not null default '{}',

  -- A tracker sends again what was not acknowledged: the second copy has to be recognizable.
  -- TimescaleDB wants the time in every unique key.
  primary key (device, "time")
);

comment on table telemetry.positions is 'Positions of GPS devices, written by the processor. Not managed by Directus.';

-- No foreign key to devices: that table is made by the snapshot, after this file has run, and a position of a device
-- that nobody has registered yet is worth keeping.

create index if not exists positions_time_idx on telemetry.positions ("time" desc);

-- Should the table be there already, as an ordinary one with rows, migrate_data moves them into chunks and locks it
-- meanwhile. As a rule it is empty here, since an applied file does not run again.
do $$
declare
  timescale_schema name := (
    select nspname from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
    where extname = 'timescaledb');
begin
  if timescale_schema is not null then
    execute format(
      $sql$ select %I.create_hypertable('telemetry.positions', 'time',
              chunk_time_interval => interval '1 day',
              create_default_indexes => false, -- positions_time_idx is the one it would make
              if_not_exists => true, migrate_data => true) $sql$,
      timescale_schema);
  end if;
end
$$;
