# shellcheck shell=bash disable=SC2154
needs_directus
new_database with_directus
mkdir -p "$repository/snapshots"
write snapshots/schema.yaml < "$root/tests/cases/incident/schema-before.yaml"
commit "Six collections"
pass applied
ask "insert into devices (id, imei) select gen_random_uuid(), (100000000000000 + n)::text from generate_series(1, 40) n"
count_kept

# As a version writes it that does not know of versioning: the collection devices lacks the key.
awk '/^  - collection: / { devices = $3 == "devices" } !(devices && /^      versioning: false$/)' \
  "$root/tests/cases/incident/schema-before.yaml" > "$repository/snapshots/schema.yaml"
[[ $(diff "$root/tests/cases/incident/schema-before.yaml" "$repository/snapshots/schema.yaml" | grep --count '^<') == 1 ]]
commit "As an older Directus writes it"

step "a key that the file lacks is not managed: nothing is to do, nothing is held"
keep
pass in-sync
same steps 0 "$(report "jsonb_array_length(r -> 'steps')")"
untouched

step "for contrast: the real one drops the table with its rows for it, and calls it success"
sql postgres --command "create database missing_key_contrast template missing_key"
directus missing_key_contrast schema apply --yes "$repository/snapshots/schema.yaml" > "$home/contrast" 2>&1
grep --quiet 'Snapshot applied successfully' "$home/contrast"
same "the table" "" "$(sql missing_key_contrast --command "select to_regclass('devices')")"

step "what Directus writes of the database afterwards is what was committed first, and no row is lost"
no_row_is_lost
directus "$database" schema snapshot --yes "$home/now.yaml" > /dev/null
diff "$root/tests/cases/incident/schema-before.yaml" "$home/now.yaml"

step "a table that is really gone from the file is another matter: held, and the way out is named"
awk '/^  - collection: / { devices = $3 == "devices" || $3 == "organization_devices" } /^[a-z]/ { devices = 0 } !devices' \
  "$root/tests/cases/incident/schema-before.yaml" > "$repository/snapshots/schema.yaml"
commit "Without devices"
pass held:DestructiveChange
says 'collection devices.*40 rows at stake'
untouched
obey 'reconcile approve --plan [0-9a-f]+'
pass applied
run 0 restore "collection devices"
run 0 restore "collection organization_devices"
no_row_is_lost
