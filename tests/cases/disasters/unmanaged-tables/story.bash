# shellcheck shell=bash disable=SC2154
needs_directus
new_database with_directus
mkdir -p "$repository/snapshots"
write snapshots/schema.yaml < "$root/tests/cases/incident/schema-before.yaml"
commit "Six collections"
ask "create schema billing; create table billing.invoices (id integer primary key, total numeric); create table app_sessions (id integer primary key, data text);
  insert into billing.invoices select n, n from generate_series(1, 70) n; insert into app_sessions select n, 'x' from generate_series(1, 35) n"
count_kept

step "the first pass leaves the tables of other programs alone"
pass applied
no_row_is_lost

step "and every later one, also with a new revision; a new table is reported as unmanaged"
ask "create table app_cache (id integer primary key); insert into app_cache select generate_series(1, 15)"
count_kept
sed --in-place '0,/note: GPS trackers/s//note: Trackers/' "$repository/snapshots/schema.yaml"
commit "A note"
pass applied
no_row_is_lost
run 2 drift
says 'unmanaged table public\.app_cache'

step "for contrast: the real \`schema apply\` drops those of public that its file does not have"
sql postgres --command "create database unmanaged_tables_contrast template unmanaged_tables"
directus unmanaged_tables_contrast schema apply --yes "$repository/snapshots/schema.yaml" > "$home/contrast" 2>&1
same "tables that are left" "" "$(sql unmanaged_tables_contrast --command "select concat(to_regclass('app_sessions'), to_regclass('app_cache'))")"

step "the way out for who does not want to hear of them: they are named as nobody's, and the drift is gone"
configure 'drift: {ignore: ["* public.app_*", "schema billing", "* billing.*"]}'
run 0 drift --config "$home/reconcile.yaml"
no_row_is_lost
