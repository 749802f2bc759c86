# shellcheck shell=bash disable=SC2154
new_database
wants entries entries.notes
commit "Entries"
pass applied
ask "insert into entries (id, notes) select gen_random_uuid(), 'note ' || n from generate_series(1, 50) n"
values=$(ask "select md5(string_agg(notes, ',' order by notes)) from entries")

step "a column that has another name in the next commit is no drop and create: held, with the rows at stake"
wants entries entries.remarks
commit "Notes are remarks"
keep
pass held:DestructiveChange
says '50 rows at stake'
untouched

step "the way out: the line that it names makes it one step, and the data stays"
line=$(advice 'Rename: field entries\.notes to entries\.remarks')
commit "It is a rename

$line"
pass applied
rows_are entries 50
same "the values" "$values" "$(ask "select md5(string_agg(remarks, ',' order by remarks)) from entries")"
same "rows in quarantine" 0 "$(ask "select count(*) from reconcile.quarantine")"
second_pass_is_empty
