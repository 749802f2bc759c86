# For shell suites; source it. A suite prints one line per check, on standard output:
#
#   ok NAME
#   not ok NAME - why
#   skip NAME - why
#
# and whatever else it likes to say. Every suite ends with `end_suite`; one that stops before has failed.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${RECONCILE_BUILD:-$root/build/release}
suite_ended=
suite_failed=0

ok() { echo "ok $1"; }
not_ok() {
  echo "not ok $1 - $2"
  suite_failed=1
}
skip() { echo "skip $1 - $2"; }

# check NAME COMMAND…: ok when the command succeeds; otherwise the last line it said is the reason.
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    ok "$name"
  else
    printf '%s\n' "$output"
    not_ok "$name" "$(tail -n 1 <<< "${output:-no output}")"
  fi
}

# exits STATUS COMMAND…: succeeds when the command ends with exactly that status; passes on what it says.
exits() {
  local expected=$1 status=0
  shift
  "$@" || status=$?
  ((status == expected)) || { echo "exit $status instead of $expected: $*"; return 1; }
}

end_suite() {
  suite_ended=1
  exit "$suite_failed"
}

# at_end COMMAND: runs when the suite ends, however it ends; the last one given runs first.
suite_cleanup=:
at_end() { suite_cleanup="$1; $suite_cleanup"; }
suite_exit() {
  local status=$?
  [[ $suite_ended ]] || echo "not ok the suite itself - stopped with status $status"
  eval "$suite_cleanup"
}
trap suite_exit EXIT

# start_server FOLDER [OPTION…]: runs PostgreSQL there until the suite ends, and exports PGHOST, PGPORT, PGUSER,
# PGPASSWORD and CONNINFO.
start_server() {
  local facts
  coproc PG_SERVER { exec "$build/tests/postgres_server" "$@"; }
  # shellcheck disable=SC2153  # coproc sets PG_SERVER and PG_SERVER_PID
  if ! IFS= read -r facts <&"${PG_SERVER[0]}"; then
    echo "PostgreSQL did not start in $1"
    return 1
  fi
  at_end stop_server
  eval "export $facts"
}

stop_server() {
  local pid=${PG_SERVER_PID-} input=${PG_SERVER[1]-}
  [[ $pid ]] || return 0
  exec {input}>&- # the server ends when its standard input does
  wait "$pid" || true
}
