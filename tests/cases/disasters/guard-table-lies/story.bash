# shellcheck shell=bash disable=SC2154
new_database
wants entries entries.number
write migrations/post/001_unique.sql "alter table entries add constraint entries_number_once unique (number);"
commit "Entries have one number each"
pass applied
ask "insert into entries (id, number) select gen_random_uuid(), n from generate_series(1, 15) n"
count_kept
lose_it() { ask "alter table entries drop constraint entries_number_once"; }
constraint_is_there() { same "the constraint" 1 "$(ask "select count(*) from pg_constraint where conname = 'entries_number_once'")"; }

step "the constraint is lost while its migration is recorded as applied: each pass says so"
lose_it
pass in-sync
says 'missing constraint .*entries_number_once'
same "the record" 1 "$(ask "select count(*) from reconcile.migration where name = '001_unique.sql'")"

step "nothing new is applied over it where the target says so"
configure 'drift: hold'
wants entries entries.number entries.note
commit "Entries have a note"
pass held:DriftDetected --config "$home/reconcile.yaml"
says entries_number_once

step "the way out: the command that it names brings the constraint back, and no row is lost"
obey 'reconcile heal'
constraint_is_there
no_row_is_lost
pass applied --config "$home/reconcile.yaml"
run 0 drift
