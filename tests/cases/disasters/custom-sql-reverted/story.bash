# shellcheck shell=bash disable=SC2154
needs_directus
new_database with_directus
mkdir -p "$repository/snapshots"
write snapshots/schema.yaml < "$root/tests/cases/incident/schema-before.yaml"
write migrations/post/001_long_names.sql "alter table organizations alter column name type text;"
commit "Names of any length"
pass applied
ask "insert into organizations (id, name, slug) select gen_random_uuid(), repeat('x', 1000), 'club-' || n from generate_series(1, 10) n"
count_kept
lengths() { ask "select sum(length(name)) from organizations"; }
type_of_name() { ask "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'organizations'::regclass and attname = 'name'"; }

step "what the SQL of git made of a column of the snapshot stays, in this pass"
second_pass_is_empty
same type text "$(type_of_name)"

step "and in one that changes another field of it"
sed --in-place '0,/note: GPS trackers/s//note: Trackers/' "$repository/snapshots/schema.yaml"
commit "A note"
pass applied
same type text "$(type_of_name)"
same "characters" 10000 "$(lengths)"
no_row_is_lost
run 0 drift

step "for contrast: the real \`schema apply\` sets the type back, and cuts what does not fit or fails on it"
sql postgres --command "create database custom_sql_contrast template custom_sql_reverted"
directus custom_sql_contrast schema apply --yes "$repository/snapshots/schema.yaml" > "$home/contrast" 2>&1 || true
tail -n 3 "$home/contrast"
after=$(sql custom_sql_contrast --command "select sum(length(name)) from organizations")
((after < 10000)) || grep --quiet 'value too long' "$home/contrast" || fail "the real one has done neither: $after characters"
