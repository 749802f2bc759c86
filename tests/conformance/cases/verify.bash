# shellcheck shell=bash disable=SC2016,SC2154  # JavaScript stands in quotes; `run`, which sources this, has the variables
#
# `reconcile verify` with the tables of the real Directus, which it gets in each of three ways; and the fault of the old
# entrypoint that only a new database shows: SQL that alters tables of the snapshot before they exist.

mkdir "$work/verify"
cp -R "$root/migrations" "$work/verify/"
rm "$work/verify/migrations/post/002_event_participation_unique_constraints.sql"
with_snapshot verify "$root/tests/cases/incident/schema-before.yaml"
rm -r "$work/verify/migrations/seed"
commit verify "Six collections"
base=$(git -C "$work/verify" rev-parse --short=10 HEAD)
with_snapshot verify "$root/snapshots/schema.yaml"
cp "$root/migrations/post/002_event_participation_unique_constraints.sql" \
  "$work/verify/migrations/pre/004_event_participation_unique_constraints.sql"
commit verify "Eleven collections, and what there may be only once in an event"

cat > "$work/verify.yaml" << YAML
targets:
  default:
    directus:
      bootstrap: ["$DIRECTUS_FOLDER/directus", bootstrap]
YAML
# It starts where a .env file would lead Directus to a database that is not for it.
mkdir "$work/elsewhere"
echo '{}' > "$work/elsewhere/package.json"
printf 'DB_DATABASE=%s\n' not_for_verify > "$work/elsewhere/.env"
sql postgres --command "create database not_for_verify"

# verify STATUS [OPTION…]: what it says is left in verify.out.
verify() {
  local status=$1
  shift
  (
    export PGDATABASE=not_for_verify TMPDIR=$work/temporary
    mkdir -p "$TMPDIR" && chmod 755 "$TMPDIR"
    # shellcheck source=tests/conformance/directus-env
    source "$here/directus-env"
    cd "$work/elsewhere" || exit
    exits "$status" "$build/reconcile" verify --repo "$work/verify" --state "$work/state" "$@"
  ) > "$work/verify.out" 2>&1 || { cat "$work/verify.out"; return 1; }
}
leaves_nothing() {
  same "folders that are left" "" "$(ls "$work/temporary")" || return
  same "databases that are left" "" "$(sql postgres --command "select datname from pg_database where datname ~ '^reconcile_verify_'")" || return
  same "tables in a database that is not for it" 0 "$(sql not_for_verify --command "select count(*) from pg_tables where schemaname = 'public'")"
}
finds_the_order() {
  verify 1 "$@" || return
  local line='error: migrations/pre/004_event_participation_unique_constraints.sql:[0-9]*: from nothing: .*"public.events" does not exist.*; next: collection events is made by snapshots/schema.yaml, .* put the SQL into migrations/post/'
  grep "$line" "$work/verify.out" || { cat "$work/verify.out"; return 1; }
  leaves_nothing
}
is_verified() {
  verify 0 "$@" || return
  grep "verified .* from nothing and from $base " "$work/verify.out" || { cat "$work/verify.out"; return 1; }
  leaves_nothing
}
new_database verify_source
same_tables() {
  verify 0 --database "$CONNINFO dbname=verify_source" --write-directus-tables "$work/tables.sql" || return
  sql postgres --command "create database verify_made"
  sql verify_made --file "$work/tables.sql" || return
  schema() { pg_dump --schema-only --dbname "$1" | grep --invert-match '^\\\(un\)\?restrict '; }
  diff <(schema verify_source) <(schema verify_made)
}
committed_tables() { diff "$root/snapshots/directus-tables.sql" "$work/tables.sql"; }

check "verify: SQL before its tables is found, with file, line and the way out" finds_the_order --config "$work/verify.yaml"
git -C "$work/verify" mv migrations/pre/004_event_participation_unique_constraints.sql \
  migrations/post/002_event_participation_unique_constraints.sql
git -C "$work/verify" -c user.name=Test -c user.email=test@example.com commit --quiet --amend --no-edit
check "verify: after the tables it is right, on both ways" is_verified --config "$work/verify.yaml"
check "verify: the tables that it writes are those of the real Directus" same_tables
if [[ $DIRECTUS_VERSION == 11.6.1 ]]; then
  check "verify: and those that this repository has committed" committed_tables
fi
check "verify: with the tables of a database" is_verified --database "$CONNINFO dbname=verify_source"
check "verify: with databases on its server" is_verified --database "$CONNINFO dbname=verify_source" --on-server
mkdir -p "$work/verify/snapshots"
cp "$work/tables.sql" "$work/verify/snapshots/directus-tables.sql"
git -C "$work/verify" add --all
git -C "$work/verify" -c user.name=Test -c user.email=test@example.com commit --quiet --amend --no-edit
check "verify: with a committed file, in a clone that has nothing else" is_verified
