# shellcheck shell=bash disable=SC2016,SC2154  # JavaScript stands in quotes; `run`, which sources this, has the variables
#
# One file, two fresh databases: one gets it from us, the other from the real `schema apply`. Compared are
#   - the schema, as pg_dump writes it, without our own records (schema reconcile);
#   - all rows of directus_collections, every column as text, by name;
#   - all rows of directus_fields and directus_relations, every column as text but the id, by collection and id. The ids
#     themselves may differ: the real one takes collections in the order in which it creates them, we in that of the
#     file. What counts is their order within a collection, because a snapshot lists fields and relations by it.

metadata() {
  sql "$1" <<< "
    select collection, t::text from directus_collections t order by collection;
    select collection, to_json(t)::jsonb - 'id', options::text, display_options::text, conditions::text, validation::text,
           translations::text
    from directus_fields t order by collection, id;
    select many_collection, to_json(t)::jsonb - 'id' from directus_relations t order by many_collection, id;"
}
schema_of() { pg_dump --schema-only --dbname "$1" --exclude-schema 'reconcile*' | grep --invert-match '^\\\(un\)\?restrict '; }
same_schema() { same "pg_dump --schema-only of the real one's" "$(schema_of "$1_real")" "$(schema_of "$1_ours")"; }
same_metadata() { same "rows of the real one's" "$(metadata "$1_real")" "$(metadata "$1_ours")"; }

# compare DATABASE NAME FILE
compare() {
  new_database "$1_ours"
  new_database "$1_real"
  with_snapshot "$1" "$3"
  commit "$1" "$2"
  check "$2: a pass applies the snapshot alone" passes 0 applied "$1_ours" "$1"
  check "$2: the real one applies it to a database of its own" real_apply "$1_real" "$3"
  check "$2: both have the same schema" same_schema "$1"
  check "$2: both have the same rows of metadata" same_metadata "$1"
  judge "$2" "$1_ours" "$3"
}

"$root/tests/bench/generate-snapshot" 30 > "$work/thirty.yaml"
compare equal_trm "TRM beside the real apply" "$root/snapshots/schema.yaml"
compare equal_before "TRM's organization half beside the real apply" "$root/tests/cases/incident/schema-before.yaml"
compare equal_thirty "thirty generated collections beside the real apply" "$work/thirty.yaml"

# Names with capitals and dashes, and so long that Directus shortens those of constraints and indexes. The real one writes the
# file itself, because other names stand in another order.
sed "$root/tests/cases/incident/schema-before.yaml" --expression '
  s/vehicles/a_very_long_collection_name_that_is_really/g
  s/devices/De-vices/g
  /field: model$/,/is_indexed:/ s/is_indexed: false/is_indexed: true/
  /field: make$/,/is_unique:/ s/is_unique: false/is_unique: true/' > "$work/renamed.yaml"
new_database long_names
check "long names: the real one makes them" real_apply long_names "$work/renamed.yaml"
directus long_names schema snapshot --yes "$work/long.yaml" > "$work/snapshot.log" 2>&1 || cat "$work/snapshot.log"
compare equal_long "long names beside the real apply" "$work/long.yaml"
