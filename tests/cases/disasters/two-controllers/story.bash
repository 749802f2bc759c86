# shellcheck shell=bash disable=SC2154
new_database
write migrations/pre/001_counter.sql "create table counter (n integer);"
commit "Counter"
pass applied

step "a second pass starts while one is at work: held, and it says who is at work"
write migrations/pre/002_count.sql "insert into counter values (2);"
commit "Count"
in_session 'begin; lock table counter' > /dev/null
begin --once
first=$!
blocked_on counter
pass held:LeaseHeld
says 'pid [0-9]+'

step "it wrote nothing, not even into the ledger"
run 0 history --output json
if grep --quiet LeaseHeld "$home/said"; then fail "a pass that did nothing is in the ledger"; fi

step "the way out is to wait: then the file has run, once"
in_session commit > /dev/null
ends 0 "$first"
pass in-sync
rows_are counter 1
