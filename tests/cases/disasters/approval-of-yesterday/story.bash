# shellcheck shell=bash disable=SC2154
new_database
wants clubs clubs.name members members.email
commit "Clubs and members"
pass applied
ask "insert into members (id, email) select gen_random_uuid(), n || '@example.com' from generate_series(1, 10) n"
wants clubs clubs.name
commit "No members"
pass held:DestructiveChange
approve='reconcile approve --plan [0-9a-f]+'

step "a plan is approved, and people go on writing: more rows than were approved are held"
obey "$approve"
ask "insert into members (id, email) select gen_random_uuid(), 'late' from generate_series(1, 3)"
keep
pass held:DestructiveChange
says '13 rows at stake; the approval by .* was given for 10'
untouched

step "the way out is named, and after a look at the rows of now it is approved anew; but the schema changes: held"
obey "$approve"
ask "create table elsewhere (n integer)"
keep
pass held:DestructiveChange
says 'does not count: the schema of the database has changed since'
untouched

step "approved anew, and a newer commit arrives: held"
obey "$approve"
write migrations/pre/001_more.sql "create table more (n integer);"
commit "More"
keep
pass held:DestructiveChange
says 'it is for commit'
untouched

step "the way out: the plan of today is approved, and goes through; the rows are in quarantine"
obey "$approve"
pass applied
same "rows in quarantine" 13 "$(ask "select rows from reconcile.quarantine where collection = 'members'")"
second_pass_is_empty

step "restore brings them all back"
run 0 restore "collection members"
rows_are members 13
