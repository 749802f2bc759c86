# shellcheck shell=bash disable=SC2154
new_database
write migrations/pre/001_orders.sql "create table orders (n integer);"
commit "Orders"
pass applied
ask "insert into orders select n % 10 from generate_series(1, 100) n"
count_kept
index_state() { ask "select coalesce((select indisvalid::text from pg_index where indexrelid = to_regclass('orders_n')), 'none')"; }

step "somebody's concurrent build has failed and left an invalid index behind: it is reported, with its state"
sql "$database" --command 'create unique index concurrently orders_n on orders (n)' > /dev/null 2>&1 && fail "duplicates went into a unique index"
same "valid" false "$(index_state)"
pass in-sync
says 'unmanaged index .*orders_n'

step "CREATE INDEX CONCURRENTLY IF NOT EXISTS over it is not content with what is there"
write migrations/pre/002_index.sql "create index concurrently if not exists orders_n on orders (n);"
commit "An index"
pass applied
says 'drop index concurrently.*orders_n'

step "afterwards the index is valid and as git says, and no row is lost"
same "valid" true "$(index_state)"
same "its definition" "CREATE INDEX orders_n ON public.orders USING btree (n)" "$(ask "select pg_get_indexdef('orders_n'::regclass)")"
no_row_is_lost
second_pass_is_empty
run 0 drift
