# shellcheck shell=bash disable=SC2154
needs_directus
new_database with_directus
mkdir -p "$repository/snapshots"
before=$root/tests/cases/incident/schema-before.yaml
write snapshots/schema.yaml < "$before"
commit "Six collections"
write migrations/pre/001_audit.sql "create table audit (n integer);"
commit "An audit table"
pass applied
five=(events classes entries entry_crew entry_devices)

# The real Directus makes five more, which no commit has, and people work in them.
directus "$database" schema apply --yes "$root/snapshots/schema.yaml"
ask "insert into organizations (id, name, slug) select gen_random_uuid(), 'Club', 'club'"
ask "insert into events (id, organization_id, name, slug, discipline, starts_at, ends_at)
  select gen_random_uuid(), o.id, 'Event ' || n, 'event-' || n, 'rally', now(), now() from organizations o, generate_series(1, 30) n"
ask "insert into classes (id, event_id, code, name) select gen_random_uuid(), id, 'M-1', 'Moto' from events"
rows_are events 30
count_kept

step "a pass with the commit before, as from an image that was not rebuilt, is held"
keep
pass held:StaleRevision --revision HEAD~1
out=$(advice 'push a commit on top of the applied one')
untouched

step "a pass with the newest commit names the five, and leaves them alone"
pass in-sync
for collection in "${five[@]}"; do says "unmanaged collection $collection"; done
untouched

step "for contrast: the real \`schema apply\` with that commit's file drops all five and calls it success"
sql postgres --command "create database stale_image_contrast template stale_image"
directus stale_image_contrast schema apply --yes "$before" > "$home/contrast" 2>&1
grep --quiet 'Snapshot applied successfully' "$home/contrast"
same "tables that are left" 0 "$(sql stale_image_contrast --command "select count(*) from pg_tables where tablename in ('events', 'classes', 'entries', 'entry_crew', 'entry_devices')")"

step "the way out: a commit on top of the applied one, with what is there; every row stays"
[[ $out ]]
directus "$database" schema snapshot --yes "$repository/snapshots/schema.yaml" > /dev/null
commit "Eleven collections"
pass in-sync
no_row_is_lost
second_pass_is_empty
