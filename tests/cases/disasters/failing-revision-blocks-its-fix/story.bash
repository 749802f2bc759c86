# shellcheck shell=bash disable=SC2154
new_database
write migrations/pre/001_a.sql "create table a (n integer);"
commit "A"
pass applied
ask "insert into a select generate_series(1, 100)"
count_kept

step "a revision that fails changes nothing, however often it is tried"
write migrations/pre/002_b.sql "create table b (n integer);"
write migrations/pre/003_broken.sql "insert into b select n / 0 from a;"
commit "Broken"
keep
for _ in 1 2 3; do
  pass failed
  says 'division by zero'
  untouched
done

step "it says where"
says '003_broken\.sql:1'

step "the way out: a commit that mends the file goes through at once"
write migrations/pre/003_broken.sql "insert into b select n / 1 from a;"
commit "Mended"
pass applied
rows_are b 100
no_row_is_lost
second_pass_is_empty

step "so does one that takes it out instead"
write migrations/pre/004_broken.sql "select 1 / 0;"
commit "Broken again"
pass failed
rm "$repository/migrations/pre/004_broken.sql"
commit "Without it"
pass in-sync
