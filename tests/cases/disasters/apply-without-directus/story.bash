# shellcheck shell=bash disable=SC2154
needs_directus
new_database template0
mkdir -p "$repository/snapshots"
write snapshots/schema.yaml < "$root/tests/cases/incident/schema-before.yaml"
write migrations/pre/001_positions.sql "create table positions (n integer);"
commit "Six collections"
ask "create table kept (n integer); insert into kept select generate_series(1, 5)"
count_kept

step "for contrast: the real \`schema apply\` on a database without Directus does nothing, and says so with exit 0"
directus "$database" schema apply --yes "$repository/snapshots/schema.yaml" > "$home/contrast" 2>&1
same "tables it made" 0 "$(ask "select count(*) from pg_tables where tablename = 'organizations'")"

step "a pass is held, and does not begin with the SQL before the snapshot either"
keep
pass held:WaitingForDirectus
untouched

step "the way out: the command that it names, then the pass goes through"
words=$(advice 'directus bootstrap')
read -ra words <<< "$words"
directus "$database" "${words[@]:1}" > "$home/bootstrap" 2>&1
pass applied
same "its collections" 6 "$(ask "select count(*) from directus_collections")"
no_row_is_lost
second_pass_is_empty
