# shellcheck shell=bash disable=SC2016,SC2154  # JavaScript stands in quotes; `run`, which sources this, has the variables
#
# What a running Directus does to the schema on its own account, which must not count as drift; and what somebody does
# in its app, which `reconcile adopt` writes into git.

mkdir "$work/drifting"
cp -R "$root/migrations" "$work/drifting/"
rm -r "$work/drifting/migrations/"{seed,post/002_event_participation_unique_constraints.sql}
with_snapshot drifting "$root/tests/cases/incident/schema-before.yaml"
commit drifting "Six collections: organizations and what they own"
new_database drifting
new_database drifting_too
check "drift: a pass with the six collections" passes 0 applied drifting drifting
check "drift: and on a second database" passes 0 applied drifting_too drifting

# reconcile_says COMMAND DATABASE [OPTION…]
reconcile_says() {
  local command=$1 database=$2
  shift 2
  "${RECONCILE:-$build/reconcile}" "$command" --repo "$work/drifting" --database "$CONNINFO dbname=$database" \
    --state "$work/state" "$@"
}
no_drift() { exits 0 reconcile_says drift "$1"; }

# in_directus SCRIPT: while it runs, which then ends.
in_directus() {
  local port=8055 status=0
  while (: <> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do port=$((port + 1)); done
  (PORT=$port become_directus drifting start > "$work/directus.log" 2>&1) &
  DIRECTUS=http://127.0.0.1:$port "$node" "$here/$1" || status=$?
  ((status)) || "${@:2}" || status=$?
  kill "$!" 2> /dev/null || true
  wait "$!" || true
  ((status == 0)) || tail -n 20 "$work/directus.log"
  return "$status"
}

check "drift: none before Directus runs" no_drift drifting
check "drift: none while Directus runs and somebody works in it" in_directus session.mjs no_drift drifting
check "drift: none after it has ended" no_drift drifting
check "drift: none after it has started again" in_directus session.mjs no_drift drifting
check "drift: none in the end" no_drift drifting
check "drift: the next pass has nothing to do" second_pass_is_empty drifting drifting

# ---- what is made in the app

check "adopt: five collections with rows are made in a running Directus" in_directus incident.mjs
dump drifting > "$work/drifting.before"
adopts() {
  exits 0 reconcile_says adopt drifting --new-branch five || return
  git -C "$work/drifting" merge --quiet --ff-only five
}
nothing_is_run() { passes 0 in-sync drifting drifting && same steps "" "$(report "$steps")" && untouched drifting "$work/drifting.before"; }
check "adopt: they come into git, on a branch that is merged" adopts
check "adopt: the snapshot in it is what Directus writes of the database" exits 0 reconcile_says snapshot drifting --check
check "adopt: the next pass runs nothing, and every row is still there" nothing_is_run
check "adopt: nothing has drifted any more" no_drift drifting
check "adopt: the second database gets the same" passes 0 applied drifting_too drifting
check "adopt: nothing has drifted there" no_drift drifting_too
judge "adopt: the second database" drifting_too "$work/drifting/snapshots/schema.yaml"
