# shellcheck shell=bash disable=SC2154
# The database has grown: the SQL came when the tables were there already, and went through.
new_database
wants clubs clubs.name
commit "Clubs"
pass applied
ask "insert into clubs (id, name) select gen_random_uuid(), 'club ' || n from generate_series(1, 8) n"
count_kept
write migrations/pre/001_unique.sql "alter table clubs add constraint clubs_name_once unique (name);"
commit "One name each"
pass applied

step "a new database fails, with nothing of the revision in it"
grown=$database
database=${grown}_new
new_database
keep
pass failed
says '001_unique\.sql:1'
untouched

step "verify finds it before it goes live, with file and line"
database=$grown
run 1 verify --from HEAD~1
says 'migrations/pre/001_unique\.sql:1: from nothing: .*clubs'

step "the way out: the SQL is put where it says, and both kinds of database go through"
folder=$(advice 'put the SQL into migrations/post/')
folder=${folder##* }
mkdir -p "$repository/$folder"
git -C "$repository" mv migrations/pre/001_unique.sql "$folder"
commit "After the snapshot"
run 0 verify --from HEAD~1
database=${grown}_new
pass applied
database=$grown
pass in-sync
no_row_is_lost
