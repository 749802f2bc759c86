# shellcheck shell=bash disable=SC2154
new_database
for number in 1 2 3 4 5; do
  write "migrations/pre/00${number}_weeks.sql" "create table week_$number (n integer); insert into week_$number select generate_series(1, 10 * $number);"
  commit "Week $number"
  if ((number == 1)); then git clone --quiet --bare "$repository" "$home/backup"; fi
  pass applied
done
count_kept

step "a cache is at fault, and its branch is four commits back: held"
git clone --quiet --bare "$repository" "$home/cache"
repository=$home/cache state=$home/new-state pass in-sync
git --git-dir "$home/cache" update-ref refs/heads/main "$(id_of HEAD~4)"
keep
repository=$home/cache state=$home/new-state pass held:StaleRevision
untouched

step "a plan from there says the same"
repository=$home/cache state=$home/new-state run 3 plan
says StaleRevision

step "the way out: a commit on top of the applied one, once the cache has it"
advice 'push a commit on top of the applied one'
commit "Nothing new"
git -C "$repository" push --quiet "$home/cache" main
repository=$home/cache state=$home/new-state pass in-sync
keep

step "a backup that has never had the applied commit proves nothing: held"
repository=$home/backup state=$home/backup-state pass held:UnprovenRevision
untouched

step "the cache is rebuilt as a shallow clone of the newest commits, where nothing can be proven: held"
commit "Week 6"
write migrations/pre/007_weeks.sql "create table week_7 (n integer);"
commit "Week 7"
git clone --quiet --depth 1 "file://$repository" "$home/shallow"
keep
repository=$home/shallow state=$home/shallow-state pass held:UnprovenRevision
untouched

step "the way out: the command that it names makes the clone complete, and the pass goes through"
words=$(advice 'git fetch --unshallow')
read -ra words <<< "$words"
(cd "$home/shallow" && "${words[@]}" --quiet)
repository=$home/shallow state=$home/shallow-state pass applied
no_row_is_lost
