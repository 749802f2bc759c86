# shellcheck shell=bash disable=SC2154
new_database
write migrations/pre/001_orders.sql "create table orders (n integer);"
commit "Orders"
pass applied
ask "insert into orders select generate_series(1, 100)"
count_kept

step "while a controller would like to have the lock of another one, an index is built concurrently: it waits for nobody"
lock='1382376303, 1852008812'
in_session "select pg_advisory_lock($lock)" > /dev/null
write migrations/pre/002_more.sql "create table more (n integer);"
commit "More"
begin --once
waiting=$!
until_true "select exists (select from pg_stat_activity where application_name = 'reconcile' and datname = current_database())"
sql "$database" --command "set statement_timeout = '20s'" --command 'create index concurrently orders_n on orders (n)'
same "valid" t "$(ask "select indisvalid from pg_index where indexrelid = 'orders_n'::regclass")"
ends 3 "$waiting"
says 'held LeaseHeld: .*pid [0-9]+'

step "the way out is to wait for the other one"
in_session "select pg_advisory_unlock($lock)" > /dev/null
pass applied
rows_are more 0
no_row_is_lost

step "and while one controller builds an index concurrently, another one that would like to work does not keep it from ending"
write migrations/pre/003_index.sql "create index concurrently orders_m on orders ((n + 1));"
commit "An index"
in_session 'begin; insert into orders values (101)' > /dev/null
begin --once
building=$!
until_true "select exists (select from pg_stat_activity where query ilike 'create index concurrently%' and datname = current_database() and state = 'active')"
pass held:LeaseHeld
in_session commit > /dev/null
ends 0 "$building"
same "valid" t "$(ask "select indisvalid from pg_index where indexrelid = 'orders_m'::regclass")"
rows_are orders 101
second_pass_is_empty
