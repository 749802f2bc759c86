# shellcheck shell=bash disable=SC2016,SC2154  # JavaScript stands in quotes; `run`, which sources this, has the variables
#
# Edits to a snapshot, each a commit of its own on top of the one before, in a database with rows in it. After each pass
# the real Directus has to write the committed file. edits.mjs holds the edits and what a pass has to plan for them.

edits() { "$node" "$here/cases/edits.mjs" "$@"; }

with_snapshot edits "$root/tests/cases/incident/schema-before.yaml"
commit edits "TRM's organization half"
new_database edits
check "edits: a pass with TRM's organization half" passes 0 applied edits edits
sql edits <<'SQL'
insert into organizations (id, name, slug, country)
  values ('00000000-0000-4000-8000-000000000001', 'Club', 'club', 'AL');
insert into vehicles (id, make, model, year, kind, notes)
  values ('00000000-0000-4000-8000-000000000002', 'KTM', '450', 2026, 'moto', 'it''s new');
insert into devices (id, imei) values ('00000000-0000-4000-8000-000000000003', '001010000000001');
insert into organization_users (id, organization_id, user_id)
  select '00000000-0000-4000-8000-000000000004', '00000000-0000-4000-8000-000000000001', id from directus_users limit 1;
insert into organization_vehicles
  values ('00000000-0000-4000-8000-000000000005', '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002');
insert into organization_devices
  values ('00000000-0000-4000-8000-000000000006', '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000003');
SQL

# Each row as JSON, without the columns that the edits add or remove.
rows_of() {
  local table
  for table in organizations organization_users organization_devices devices; do
    sql edits --command "select '$table', to_jsonb(t) - '{remark,settings,token}'::text[] from $table t order by id"
  done
}
as_expected() { passes "$@" && same steps "$(< "$work/edit/steps")" "$(report "$steps")"; }
held_as_destructive() {
  dump edits > "$work/dump.held"
  passes 3 held edits edits && same reason DestructiveChange "$(report r.reason)" && untouched edits "$work/dump.held" &&
    same "what is held" "$(sort "$work/edit/allowed")" "$(report 'r.holds.map((hold) => `Allow-Destructive: ${hold.object}`).sort()')"
}

mkdir "$work/edit"
rows=$(rows_of)
mapfile -t names < <(edits)
for name in "${names[@]}"; do
  edits "$name" "$work/edits/snapshots/schema.yaml" "$work/edit"
  with_snapshot edits "$work/edit/schema.yaml"
  commit edits "$name"
  if [[ -s $work/edit/allowed ]]; then
    check "$name: held until a commit allows it by name" held_as_destructive
    commit edits "$name, and that is meant"$'\n\n'"$(< "$work/edit/allowed")"
  fi
  check "$name: a pass plans these steps and applies them" as_expected 0 applied edits edits
  if [[ $(report r.outcome) != applied ]]; then
    # The next edit begins where this one did.
    while [[ $(git -C "$work/edits" log -1 --format=%s) == "$name"* ]]; do git -C "$work/edits" reset --quiet --hard HEAD~1; done
    continue
  fi
  judge "$name" edits "$work/edit/schema.yaml"
  check "$name: the second pass is empty" second_pass_is_empty edits edits
done
check "edits: the rows of what was kept are as they were" same rows "$rows" "$(rows_of)"

# ---- the way back of what the last edit removed

comes_back() {
  local ids
  mapfile -t ids < <(sql edits --command "select id from reconcile.quarantine where removed_by = '$(git -C "$work/edits" rev-parse HEAD)' order by kind, id")
  "${RECONCILE:-$build/reconcile}" restore "${ids[@]}" --database "$CONNINFO dbname=edits"
}
git -C "$work/edits" show HEAD~2:snapshots/schema.yaml > "$work/edit/before.yaml"
check "edits: what the last one removed comes back" comes_back
judge "edits: what came back" edits "$work/edit/before.yaml"
check "edits: it comes back with its values" same values \
  '00000000-0000-4000-8000-000000000005 KTM' \
  "$(sql edits --command "select o.id || ' ' || v.make from organization_vehicles o join vehicles v on v.id = o.vehicle_id")"
with_snapshot edits "$work/edit/before.yaml"
commit edits "Put back what came back"
check "edits: git takes it over as it is" passes 0 in-sync edits edits
