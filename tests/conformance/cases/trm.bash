# shellcheck shell=bash disable=SC2016,SC2154  # JavaScript stands in quotes; `run`, which sources this, has the variables
#
# The TRM service, from nothing: this repository's own migrations and snapshot. Then one changed note.

schema=$work/trm/snapshots/schema.yaml
mkdir "$work/trm"
cp -R "$root/migrations" "$root/snapshots" "$work/trm/"
commit trm "The TRM service"
new_database trm

check "TRM: a pass brings a fresh database there" passes 0 applied trm trm
judge "TRM" trm "$schema"
check "TRM: the second pass is empty" second_pass_is_empty trm trm

composite_uniques() {
  sql trm <<< "
    select format('%s (%s)', conrelid::regclass, string_agg(attname, ', ' order by position))
    from pg_constraint
    join unnest(conkey) with ordinality as key(attnum, position) on true
    join pg_attribute on attrelid = conrelid and pg_attribute.attnum = key.attnum
    where contype = 'u' and connamespace = 'public'::regnamespace and cardinality(conkey) > 1
    group by pg_constraint.oid, conrelid
    order by 1"
}
check "TRM: all eight composite uniques are there" same uniques "classes (event_id, code)
entries (event_id, race_number)
entry_crew (entry_id, user_id)
entry_devices (entry_id, device_id)
events (organization_id, slug)
organization_devices (organization_id, device_id)
organization_users (organization_id, user_id)
organization_vehicles (organization_id, vehicle_id)" "$(composite_uniques)"

check "TRM: the seed rows are there" same rows "organizations 1
organization_users 2
organization_vehicles 1
organization_devices 3
vehicles 1
devices 3
events 1
classes 17
entries 1
entry_crew 2
entry_devices 3" "$(count_rows trm organizations organization_{users,vehicles,devices} vehicles devices \
  events classes entries entry_{crew,devices})"

duplicate_is_refused() {
  local said
  said=$(sql trm --variable VERBOSITY=verbose 2>&1 <<< "
    insert into entries (id, event_id, class_id, race_number, status)
    select gen_random_uuid(), event_id, class_id, race_number, 'registered' from entries") && return 1
  grep '23505.*entries_event_race_number_unique' <<< "$said" || { echo "$said"; return 1; }
}
check "TRM: a race number cannot be given twice in an event" duplicate_is_refused

# Directus knows them, and the column is there: with an alias, the second would be missing.
user_fields() {
  sql trm <<< "
    select field from directus_fields
    join information_schema.columns on (table_schema, table_name, column_name) = ('public', collection, field)
    where collection = 'directus_users' order by directus_fields.id"
}
check "TRM: directus_users has its custom fields" same fields "phone
nationality
date_of_birth
blood_type
licence_number
emergency_contact_name
emergency_contact_phone" "$(user_fields)"

# ---- one changed note

sed --in-place 's/^      note: GPS trackers$/      note: GPS trackers and panic buttons/' "$schema"
check "a changed note: one line of the file" same numstat $'1\t1\tsnapshots/schema.yaml' "$(git -C "$work/trm" diff --numstat)"
commit trm "Devices are panic buttons, too"

one_change() {
  passes 2 pending trm trm --mode dry-run &&
    same steps 'change collection devices: note: "GPS trackers" → "GPS trackers and panic buttons"' \
      "$(report 'r.steps.map((step) => `${step.action} ${step.object}: ${step.detail}`)')"
}
check "a changed note: the plan shows exactly that change" one_change
check "a changed note: a pass applies it" passes 0 applied trm trm
judge "a changed note" trm "$schema"
check "a changed note: the second pass is empty" second_pass_is_empty trm trm
