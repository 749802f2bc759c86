# shellcheck shell=bash disable=SC2154
new_database
write migrations/pre/001_clubs.sql "create table clubs (n integer);"
commit "Clubs"
pass applied
ask "insert into clubs select generate_series(1, 20)"
count_kept
write migrations/pre/002_more.sql "insert into clubs values (21);"
commit "More"
keep
ours="application_name = 'reconcile' and datname = current_database()"

step "a controller is killed in the middle of a pass: its lock goes with it, and nobody has to delete anything"
in_session 'begin; lock table clubs' > /dev/null
begin --once
killed=$!
blocked_on clubs
kill -KILL "$killed"
ends 137 "$killed"
until_true "select not exists (select from pg_stat_activity where $ours)"
in_session commit > /dev/null
untouched
no_row_is_lost

step "a controller hangs in the middle of a pass: the next one is held, and says which session has the lock"
in_session 'begin; lock table clubs' > /dev/null
begin --once
hung=$!
blocked_on clubs
kill -STOP "$hung"
pass held:LeaseHeld
pid=$(advice 'pid [0-9]+')
advice 'pg_terminate_backend\(pid\) ends it'

step "the way out: the function that it names frees the lock; the next pass goes through, and the file runs once"
ask "select pg_terminate_backend(${pid#pid })"
until_true "select not exists (select from pg_stat_activity where $ours)"
in_session commit > /dev/null
pass applied
rows_are clubs 21

step "the one that hung wakes up to a failure, and changes nothing any more"
kill -CONT "$hung"
status=0
wait "$hung" || status=$?
((status == 0 || status == 1)) || fail "exit $status"
cat "$home/beside"
rows_are clubs 21
second_pass_is_empty
