# shellcheck shell=bash disable=SC2154
# Two real releases of PostgreSQL 15, years apart, on one data folder.
old=15.4.0-beta.9 new=15.18.0-beta.17
if ! "$root/deploy/install-packages" npm; then leave_out "npm cannot be installed"; fi
# release NAME: the folder of its binaries.
release() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}
  if ((EUID == 0)); then cache=/var/cache; fi
  "$root/tests/support/install-postgres" "$1" "$cache/reconcile/postgres-$1"
}
old=$(release "$old") || leave_out "$(tail -n 1 "$home/log")"
new=$(release "$new") || leave_out "$(tail -n 1 "$home/log")"

chmod 755 "$home"
# serve BINARIES: a server of the story's own, on its data folder.
serve() {
  mkfifo "$home/server.in"
  rm -f "$home/facts" # those of the server before
  RECONCILE_POSTGRES_BIN=$1 "$build/tests/postgres_server" "$home/postgres" --tcp < "$home/server.in" > "$home/facts" &
  server=$!
  exec {server_in}> "$home/server.in"
  rm "$home/server.in"
  local deadline=$((SECONDS + 60))
  while [[ ! -s $home/facts ]]; do ((SECONDS < deadline)) || fail "the server does not start"; sleep 0.1; done
  eval "export $(< "$home/facts")"
}
stop_serving() {
  exec {server_in}>&-
  wait "$server" || true
}

serve "$old"
before=$(sql postgres --command 'show server_version')
sql postgres --command "create database $database"
sql "$database" --file "$root/tests/support/directus_system_tables.sql" > /dev/null
wants clubs clubs.name members members.email
write migrations/post/001_everything.sql << 'SQL'
create type level as enum ('low', 'high');
create domain percent as integer check (value between 0 and 100);
create table readings (at timestamptz not null, value numeric(10, 2) default 1.5, level level, battery percent,
  name varchar(20) check (name in ('a', 'b') and length(name) between 1 and 5)) partition by range (at);
create table readings_old partition of readings for values from (minvalue) to ('2026-01-01');
create index on readings (lower(name)) where level <> 'low';
create view high as select at, value::integer from readings where level in ('high') and name like 'a%';
create materialized view counted as select level, count(*) from readings group by level;
create function twice(n integer) returns integer language sql immutable begin atomic select n * 2; end;
create trigger same before update on clubs for each row execute function suppress_redundant_updates_trigger();
alter table clubs enable row level security;
create policy mine on clubs using (name = current_user);
create statistics pairs on at, value from readings_old;
grant select on clubs to pg_monitor;
SQL
commit "Everything"
pass applied
ask "insert into clubs (id, name) select gen_random_uuid(), 'club ' || n from generate_series(1, 33) n"
count_kept
second_pass_is_empty
seen=$(report "r ->> 'fingerprint'")
run 0 drift

step "the server is another release of the same major version: no false drift, and nothing to do"
stop_serving
serve "$new"
after=$(sql postgres --command 'show server_version')
echo "$before, then $after"
[[ $before != "$after" ]]
pass in-sync
run 0 drift
no_row_is_lost

step "the fingerprint is the same one"
run 0 plan --output json
grep --quiet "$seen" "$home/said"

step "drift that somebody makes is found as before, and healed"
ask "alter table readings alter column value set default 2"
run 2 drift
run 0 heal
run 0 drift

step "the next revision goes through"
wants clubs clubs.name clubs.city members members.email
commit "Clubs have a city"
pass applied
no_row_is_lost
second_pass_is_empty
stop_serving
