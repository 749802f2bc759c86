# shellcheck shell=bash disable=SC2016,SC2154  # JavaScript stands in quotes; `run`, which sources this, has the variables
#
# Snapshots that other projects published, in ../shared/corpus beside the checkout. Many were written by other versions of
# Directus, so a real snapshot cannot have their bytes: what counts is that it has every value that the file has.
#
# Not among the default cases yet: `run corpus` shows how far we are.

published=$root/../shared/corpus

contains() {
  directus "$1" schema snapshot --yes "$work/$1.yaml" > "$work/snapshot.log" 2>&1 || { cat "$work/snapshot.log"; return 1; }
  "$node" "$here/cases/contains-snapshot.mjs" "$2" "$work/$1.yaml"
}

corpus_case() {
  local name database
  name=$(basename "$1")
  database=corpus_$(tr --complement --delete 'a-z0-9' <<< "${name%.*}")
  new_database "$database"
  with_snapshot "$database" "$1"
  commit "$database" "$name"
  check "$name: a pass applies it" passes 0 applied "$database" "$database"
  if [[ $(report r.outcome) != applied ]]; then return; fi
  report r.notes | sed 's/^/  note: /'
  check "$name: the second pass is empty" second_pass_is_empty "$database" "$database"
  check "$name: the real snapshot has every value of it" contains "$database" "$1"
  if [[ $name == *.yaml ]]; then
    check "$name: the real snapshot is byte for byte the file" real_snapshot_is "$database" "$1" > "$work/bytes"
    tail -n 1 "$work/bytes" | sed 's/^not ok/  (to be expected of other versions) not ok/'
  fi
}

if [[ -d $published ]]; then
  for file in "$published"/*.{yaml,json}; do corpus_case "$file"; done
else
  skip "published snapshots" "there is no folder shared/corpus beside the checkout"
fi
