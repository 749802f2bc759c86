# shellcheck shell=bash disable=SC2034,SC2154  # `tell`, which sources this, has the variables; stories use others
#
# The words of the stories. A story stops at the first word that does not hold; `step` says what the words after it
# prove. It has a folder, a repository, a database and a state of its own, which it may change:
#
#   $home $repository $database $state

end_story() {
  local status=$?
  if ((status == 0)); then
    [[ ! $claim ]] || echo "ok $story: $claim" >&3
  else
    echo "not ok $story: ${claim:-its beginning} - $(tail -n 1 "$home/log")" >&3
  fi
}

# step WHAT: what follows proves it. What went before has held.
step() {
  [[ ! $claim ]] || echo "ok $story: $claim" >&3
  claim=$1
  echo "---- $1"
}
# leave_out WHY: what it takes is not there.
leave_out() {
  echo "skip $story - $1" >&3
  exit 0
}
fail() { echo "$*"; exit 1; }
same() {
  [[ $2 == "$3" ]] || fail "$1: '$3' instead of '$2'"
}

# ---- the database

sql() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$@"; }
# ask QUERY: in the database of the story.
ask() { PGOPTIONS='-c client_min_messages=warning' sql "$database" --command "$1"; }

# new_database [TEMPLATE]: the story's, by default with the system tables of Directus.
new_database() { sql postgres --command "create database $database template ${1:-with_system_tables}"; }

rows_are() { same "rows of $1" "$2" "$(ask "select count(*) from $1")"; }

# Everything in the database but our own records.
dump() { pg_dump --dbname "$database" --exclude-schema reconcile | grep --invert-match '^\\\(un\)\?restrict '; }
keep() { dump > "$home/kept"; }
untouched() {
  dump > "$home/now"
  diff --unified=0 "$home/kept" "$home/now" || fail "the database is another one than before"
}

# count_rows: of every table that is neither ours nor of Directus, as lines.
count_rows() {
  sql "$database" << 'SQL'
select coalesce(string_agg(format('select %L, count(*) from %s', c.oid::regclass, c.oid::regclass), ' union all '), 'select 1 where false')
from pg_class c
where relkind = 'r' and relnamespace::regnamespace::text !~ '^(pg_|information_schema|reconcile)' and relname !~ '^directus_' \gexec
SQL
}
count_kept() {
  count_rows > "$home/rows"
  [[ -s $home/rows ]] || fail "there is no table to lose rows from"
}
no_row_is_lost() {
  local lost
  lost=$(grep --invert-match --line-regexp --fixed-strings --file <(count_rows) "$home/rows") || return 0
  fail "there are not as many rows as before: $lost"
}

# blocked_on TABLE: waits until somebody stands in line for it.
blocked_on() { until_true "select exists (select from pg_locks where not granted and relation = '$1'::regclass)"; }
until_true() {
  local deadline=$((SECONDS + 30))
  while [[ $(ask "$1") != t ]]; do ((SECONDS < deadline)) || fail "this did not come true: $1"; done
}

# in_session [SQL]: runs in a second session, which stays open until `end_session`.
in_session() {
  if [[ ! ${session_in-} ]]; then
    mkfifo "$home/session.in" "$home/session.out"
    psql --no-psqlrc --quiet --tuples-only --no-align --dbname "$database" < "$home/session.in" > "$home/session.out" 2>&1 &
    exec {session_in}> "$home/session.in" {session_out}< "$home/session.out"
  fi
  printf '%s;\n\\echo .\n' "$1" >&"$session_in"
  local line
  while IFS= read -r line <&"$session_out" && [[ $line != . ]]; do echo "$line"; done
}
end_session() {
  exec {session_in}>&- {session_out}<&-
  rm "$home"/session.{in,out}
  session_in=
}

# ---- the repository

# write FILE: standard input, or the words after it.
write() {
  local file=$repository/$1
  mkdir -p "$(dirname "$file")"
  if (($# > 1)); then printf '%s\n' "${@:2}" > "$file"; else cat > "$file"; fi
}
commit() {
  git -C "$repository" add --all
  git -C "$repository" -c user.name=Test -c user.email=test@example.com commit --quiet --allow-empty --message "$1"
}
id_of() { git -C "$repository" rev-parse "$1"; }

# snapshot NAME… > FILE: a schema.yaml with these collections and texts (clubs, clubs.name); each collection has an id.
snapshot() {
  local name fields=
  printf 'version: 1\ndirectus: 11.6.1\nvendor: postgres\ncollections:\n'
  for name in "$@"; do
    if [[ $name == *.* ]]; then
      fields+=$(field "${name%.*}" "${name#*.}" 'character varying, max_length: 255, is_nullable: true')$'\n'
    else
      printf '  - collection: %s\n    meta: {collection: %s, hidden: false}\n    schema: {name: %s}\n' "$name" "$name" "$name"
      fields+=$(field "$name" id 'uuid, is_nullable: false, is_primary_key: true')$'\n'
    fi
  done
  printf 'fields:\n%srelations: []\n' "$fields"
}
field() {
  printf '  - collection: %s\n    field: %s\n    type: string\n' "$1" "$2"
  printf '    meta: {collection: %s, field: %s, interface: input}\n' "$1" "$2"
  printf '    schema: {name: %s, table: %s, data_type: %s}\n' "$2" "$1" "$3"
}
# wants NAME…: the snapshot of the next commit.
wants() { snapshot "$@" | write snapshots/schema.yaml; }

# ---- the program

# program ARGUMENT…: on the story's repository and database.
program() {
  "${RECONCILE:-$build/reconcile}" "$@" --repo "$repository" --database "$CONNINFO dbname=$database" --state "$state"
}
# run STATUS ARGUMENT…: it ends like that. What it says is left in said.
run() {
  local expected=$1 status=0
  shift
  program "$@" > "$home/said" 2>&1 || status=$?
  cat "$home/said"
  ((status == expected)) || fail "exit $status instead of $expected: reconcile $*"
}
# says REGEX: it has said that.
says() { grep --quiet --extended-regexp -- "$1" "$home/said" || fail "it did not say: $1"; }

# begin ARGUMENT…: it runs beside the story, with the process id in $!; it speaks into beside.
begin() {
  (exec "${RECONCILE:-$build/reconcile}" "$@" --repo "$repository" --database "$CONNINFO dbname=$database" --state "$home/state-beside") \
    > "$home/beside" 2>&1 &
}
# ends STATUS PID: waits for it; what it has said is left in said.
ends() {
  local status=0
  wait "$2" || status=$?
  cp "$home/beside" "$home/said"
  cat "$home/said"
  ((status == $1)) || fail "exit $status instead of $1"
}

# pass OUTCOME[:REASON] [OPTION…]: one pass comes to that, and its exit status with it. Its report is in report.json.
pass() {
  local outcome=${1%%:*} reason=${1#*:}
  shift
  check_pass "$outcome" "$reason" "$@"
}
declare -A status_of=([applied]=0 [in-sync]=0 [failed]=1 [pending]=2 [held]=3)
check_pass() {
  local outcome=$1 reason=$2 status=0
  shift 2
  program --once --output json "$@" > "$home/report.json" 2> "$home/complaints" || status=$?
  jot_down
  cat "$home/said"
  same outcome "$outcome" "$(report "r ->> 'outcome'")"
  same "exit status" "${status_of[$outcome]}" "$status"
  [[ $outcome != held ]] || same reason "$reason" "$(report "r ->> 'reason'")"
}
# report EXPRESSION: of the report `r` of the last pass, a jsonb.
report() { sql postgres --set "report=$(< "$home/report.json")" <<< "select $1 from (select :'report'::jsonb) as report(r)"; }
# What a person would read of it.
jot_down() {
  report "concat_ws(E'\n', r ->> 'outcome', r ->> 'reason', r #>> '{error,where}', r #>> '{error,what}', r #>> '{error,why}', r #>> '{error,next}',
    (select string_agg(concat_ws(E'\n', h ->> 'message', h ->> 'next'), E'\n') from jsonb_array_elements(r -> 'holds') h),
    (select string_agg(concat_ws(' ', d ->> 'kind', d ->> 'object', d ->> 'detail', d ->> 'rows'), E'\n') from jsonb_array_elements(r -> 'drift') d),
    (select string_agg(n, E'\n') from jsonb_array_elements_text(r -> 'notes') n))" > "$home/said"
}
# second_pass_is_empty: nothing to do, and the database as it was.
second_pass_is_empty() {
  keep
  pass in-sync "$@"
  same "steps of the second pass" 0 "$(report "jsonb_array_length(r -> 'steps')")"
  untouched
}

# advice REGEX: what the last messages tell people to do, to the letter; ends the story where they do not.
advice() {
  local found
  found=$(grep --max-count=1 --only-matching --extended-regexp -- "$1" "$home/said") || fail "it does not advise: $1"
  echo "${found%%$'\n'*}"
}
# obey REGEX: runs the command of ours that the last messages name, to the letter.
obey() {
  local words
  words=$(advice "$1")
  read -ra words <<< "${words#reconcile }"
  echo "\$ reconcile ${words[*]}"
  run 0 "${words[@]}"
}
configure() { printf 'targets:\n  default:\n    database: unused\n    %s\n' "$1" > "$home/reconcile.yaml"; }

# ---- the real Directus

# needs_directus: waits until there is a database with it, or leaves the story out.
needs_directus() {
  while [[ ! -e $work/no-directus ]]; do sleep 0.2; done
  [[ ! -s $work/no-directus ]] || leave_out "$(< "$work/no-directus")"
}
# directus DATABASE ARGUMENT…: the command line of the real one.
directus() (
  export PGDATABASE=$1
  # shellcheck source=tests/conformance/directus-env
  source "$root/tests/conformance/directus-env"
  shift
  cd "$work/empty"
  exec "$DIRECTUS_FOLDER/directus" "$@"
)
