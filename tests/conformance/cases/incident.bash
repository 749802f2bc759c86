# shellcheck shell=bash disable=SC2016,SC2154  # JavaScript stands in quotes; `run`, which sources this, has the variables
#
# The incident that the project was started for, with the real Directus in the part of the person who creates five
# collections and works in them before anybody commits a snapshot.

before=$root/tests/cases/incident/schema-before.yaml
five=(classes entries entry_crew entry_devices events)

# Two commits that know six collections; the second one only marks positions as faulty.
mkdir "$work/incident"
cp -R "$root/migrations" "$work/incident/"
rm -r "$work/incident/migrations/"{seed,post/002_event_participation_unique_constraints.sql}
mv "$work/incident/migrations/pre/003_faulty_column.sql" "$work/"
with_snapshot incident "$before"
commit incident "Six collections: organizations and what they own"
mv "$work/003_faulty_column.sql" "$work/incident/migrations/pre/"
commit incident "Positions can be marked as faulty"

new_database incident
check "incident: a pass with the six collections" passes 0 applied incident incident

# ---- five collections that no commit knows

free_port() {
  local port=8055
  while (: <> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do port=$((port + 1)); done
  echo "$port"
}
work_in_directus() {
  local port status=0
  port=$(free_port)
  (PORT=$port become_directus incident start > "$work/directus.log" 2>&1) &
  DIRECTUS=http://127.0.0.1:$port "$node" "$here/incident.mjs" || status=$?
  kill "$!" 2> /dev/null || true
  wait "$!" || true
  ((status == 0)) || tail -n 20 "$work/directus.log"
  return "$status"
}
check "incident: five collections with rows are made in a running Directus" work_in_directus

rows=$(count_rows incident "${five[@]}")
check "incident: each of the five has rows" same rows "$(printf '%s 3\n' "${five[@]}")" "$rows"
dump incident > "$work/incident.before"
sql postgres --command "create database incident_with_the_real_one template incident"

# sees_the_five: the last report names each of them, with the rows in it.
sees_the_five() {
  same "unmanaged collections" "$(printf 'collection %s, 3 rows\n' "${five[@]}")" "$(report '
    r.drift.filter((seen) => seen.kind === "unmanaged" && seen.object.startsWith("collection "))
      .map((seen) => `${seen.object}, ${seen.rows} rows`).sort()')"
}
older_is_held() {
  passes 3 held incident incident --revision HEAD~1 && same reason StaleRevision "$(report r.reason)" && sees_the_five
}
same_is_in_sync() { passes 0 in-sync incident incident && same steps "" "$(report "$steps")" && sees_the_five; }
in_words() {
  local table said
  said=$("$build/reconcile" --once --repo "$work/incident" --database "$CONNINFO dbname=incident" --state "$work/state" "$@" 2>&1) || true
  for table in "${five[@]}"; do
    grep --quiet "unmanaged collection $table.* 3 rows" <<< "$said" || { echo "$said"; return 1; }
  done
}
check "incident: a pass with the older revision is held as stale, and names the five with their rows" older_is_held
check "incident: it says so to people as well" in_words --revision HEAD~1
check "incident: after it, every row and all that Directus knows is as before" untouched incident "$work/incident.before"
check "incident: a pass with the same revision is in sync, and names the five with their rows" same_is_in_sync
check "incident: it says so to people as well" in_words
check "incident: after it, every row and all that Directus knows is as before" untouched incident "$work/incident.before"

# ---- the reason for all this: what the real one does with the same file and the same database

the_real_one_drops_them() {
  real_apply incident_with_the_real_one "$before" || return
  same "tables that are left" "" "$(sql incident_with_the_real_one --command "select tablename from pg_tables
    where schemaname = 'public' and tablename in ('${five[0]}'$(printf ", '%s'" "${five[@]:1}"))")"
}
check "for contrast: the real \`schema apply --yes\` drops all five and calls it success" the_real_one_drops_them

# ---- the way forward: what is there is committed

adopt_it() {
  directus incident schema snapshot --yes "$work/incident/snapshots/schema.yaml" || return
  commit incident "Events, classes, entries, crews and devices"
  passes 0 in-sync incident incident && same steps "" "$(report "$steps")" && same unmanaged "" "$(report 'r.drift.map((seen) => seen.object)')"
}
check "the way forward: a commit of what the real one writes is adopted" adopt_it
check "the way forward: nothing was changed by that" untouched incident "$work/incident.before"
check "the way forward: the second pass is empty" second_pass_is_empty incident incident
cp "$root/migrations/post/002_event_participation_unique_constraints.sql" "$work/incident/migrations/post/"
commit incident "What there may be only once in an event"
check "the way forward: the constraints of the five follow" passes 0 applied incident incident
check "the way forward: every row is still there" same rows "$rows" "$(count_rows incident "${five[@]}")"
judge "the way forward" incident "$work/incident/snapshots/schema.yaml"
