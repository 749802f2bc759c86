# shellcheck shell=bash disable=SC2154
new_database
write migrations/pre/001_orders.sql "create table orders (n integer);"
commit "Orders"
pass applied
ask "insert into orders select generate_series(1, 500)"
count_kept

step "somebody's transaction is open on the table: the ALTER gives up instead of standing in line"
in_session 'begin; select count(*) from orders' > /dev/null
write migrations/pre/002_note.sql "alter table orders add column note text;"
commit "Orders have a note"
configure 'lock_timeout: 1s'
keep
begin --once --config "$home/reconcile.yaml"
passing=$!
blocked_on orders
begin=$(date +%s%N)
rows_are orders 500
took=$((($(date +%s%N) - begin) / 1000000))
((took < 15000)) || fail "who reads the table has waited for $took ms"
ends 1 "$passing"
untouched

step "the way out: the view that it names shows the session; it ends, and the next try goes through"
view=$(advice 'pg_stat_activity')
advice 'or try again'
ask "select pg_terminate_backend(pid) from $view where state = 'idle in transaction' and datname = current_database()"
pass applied
no_row_is_lost
second_pass_is_empty
