# shellcheck shell=bash disable=SC2154
new_database
wants clubs clubs.name
commit "Clubs"
pass applied
root_commit=$(id_of HEAD)
wants clubs clubs.name members members.email
commit "Members"
pass applied
ask "insert into members (id, email) select gen_random_uuid(), n || '@example.com' from generate_series(1, 25) n"
count_kept

step "the branch is forced to a commit beside the applied one, without the table: held"
git -C "$repository" reset --quiet --hard "$root_commit"
wants clubs clubs.name clubs.city
commit "Clubs have a city"
keep
pass held:DivergedRevision
untouched

says "does not build on"
lost=$(advice 'merge [0-9a-f]+ into the branch' | cut --delimiter=' ' --fields=2)

step "the ledger has the applied commit as before"
run 0 history --output json
says '"outcome":"held","reason":"DivergedRevision"'

step "the way out: the lost commit is merged back, as it says; every row is there"
git -C "$repository" -c user.name=Test -c user.email=test@example.com merge --quiet --strategy=ours --no-edit "$lost"
wants clubs clubs.name clubs.city members members.email
commit "Both"
pass applied
no_row_is_lost
second_pass_is_empty
