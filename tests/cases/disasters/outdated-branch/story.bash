# shellcheck shell=bash disable=SC2154
new_database
wants clubs clubs.name
commit "Clubs"
pass applied
git -C "$repository" branch feature
wants clubs clubs.name members members.email
write migrations/pre/001_orders.sql "create table orders (id integer primary key, total numeric);"
commit "Members and orders"
pass applied
ask "insert into members (id) select gen_random_uuid() from generate_series(1, 40); insert into orders select n, n from generate_series(1, 60) n"
count_kept

git -C "$repository" checkout --quiet feature
wants clubs clubs.name clubs.city
commit "Clubs have a city"

step "a pass from a branch that was made before two tables is held, and nothing changes"
keep
pass held:DivergedRevision --branch feature
untouched

step "the way out: it says which commit to merge; afterwards the branch goes through, and every row is there"
newer=$(advice 'merge [0-9a-f]+ into the branch')
git -C "$repository" -c user.name=Test -c user.email=test@example.com merge --quiet --no-edit "$(cut --delimiter=' ' --fields=2 <<< "$newer")" 2>&1 || {
  # Both sides changed the file, so a person has put them together.
  wants clubs clubs.name clubs.city members members.email
  commit "Merge"
}
pass applied --branch feature
same "the new column" t "$(ask "select exists (select from information_schema.columns where table_name = 'clubs' and column_name = 'city')")"
no_row_is_lost
second_pass_is_empty --branch feature
