# shellcheck shell=bash disable=SC2016,SC2154  # JavaScript stands in quotes; `run`, which sources this, has the variables
#
# Beside a running Directus: two servers work on one database, without Redis, so that neither hears of the other. After
# our apply both serve the new schema without a restart; one that is down meanwhile is told by a later pass. And a
# database without Directus gets it from the command in the configuration.

export RECONCILE_DIRECTUS_TOKEN=admintoken # the one that directus-env sets

declare -A instance_pid=()
# start_instance PORT: returns when it answers.
start_instance() {
  (PORT=$1 become_directus beside start >> "$work/directus-$1.log" 2>&1) &
  instance_pid[$1]=$!
}
answers() {
  local tries
  for ((tries = 0; tries < 240; tries++)); do
    [[ $(status_of "$1" /server/ping) == 200 ]] && return
    sleep 0.25
  done
  tail -n 20 "$work/directus-$1.log"
  return 1
}
stop_instance() {
  kill "${instance_pid[$1]}" 2> /dev/null || true
  wait "${instance_pid[$1]}" || true
  unset "instance_pid[$1]"
}
at_end 'for instance in "${!instance_pid[@]}"; do stop_instance "$instance"; done'

# status_of PORT PATH: 200, 403, or 000 where nobody answers.
status_of() {
  "$node" --eval "fetch('http://127.0.0.1:$1$2', { headers: { authorization: 'Bearer admintoken' } })
    .then((answer) => console.log(answer.status), () => console.log('000'))"
}
# serve PATH STATUS [PORT…]: what each of them answers.
serve() {
  local path=$1 expected=$2 port
  shift 2
  for port in "$@"; do same "$path at $port" "$expected" "$(status_of "$port" "$path")" || return; done
}

port_from() {
  local port=$1
  while (: <> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do port=$((port + 1)); done
  echo "$port"
}
one=$(port_from 8155)
two=$(port_from $((one + 1)))
address() { echo "http://127.0.0.1:$1"; }

before=$root/tests/cases/incident/schema-before.yaml
with_snapshot beside "$before"
commit beside "Six collections"
new_database beside
check "beside: a pass before any server runs" passes 0 applied beside beside
start_instance "$one"
start_instance "$two"
check "beside: one server runs" answers "$one"
check "beside: another one runs on the same database" answers "$two"
check "beside: both know a collection of the snapshot" serve "/items/organizations?limit=1" 200 "$one" "$two"
check "beside: neither knows one that is not in it" serve "/items/events?limit=1" 403 "$one" "$two"

# ---- a revision with five more collections

told_one() {
  RECONCILE_DIRECTUS_URL=$(address "$one") passes 0 applied beside beside && same warnings "" "$(report r.warnings)"
}
with_snapshot beside "$root/snapshots/schema.yaml"
commit beside "Eleven collections"
check "beside: a pass tells the first of them" told_one
check "beside: it serves the new collections without a restart" serve "/items/events?limit=1" 200 "$one"
check "for contrast: the one that was not told does not" serve "/items/events?limit=1" 403 "$two"

# add_field NAME: a text in every organization.
add_field() {
  "$node" --eval "
    const fs = require('fs'), file = '$work/beside/snapshots/schema.yaml';
    const text = fs.readFileSync(file, 'utf8');
    const begin = text.indexOf('  - collection: organizations\n    field: name\n');
    const end = text.indexOf('  - collection: ', begin + 1);
    const entry = text.slice(begin, end);
    fs.writeFileSync(file, text.slice(0, end) + entry.replaceAll(/\bname\b(?!:)/g, '$1') + text.slice(end));"
}
told_both() {
  RECONCILE_DIRECTUS_URL="$(address "$one"),$(address "$two")" passes 0 "$@" beside beside && same warnings "" "$(report r.warnings)"
}
add_field motto
commit beside "Organizations have a motto"
check "beside: a pass tells both" told_both applied
check "beside: both serve the new field" serve "/items/organizations?limit=1&fields=motto" 200 "$one" "$two"
check "beside: and the collections of before" serve "/items/events?limit=1" 200 "$one" "$two"

# ---- one is down meanwhile

stale() { sql beside --command "select name from reconcile.stale_instance"; }
down_meanwhile() {
  RECONCILE_DIRECTUS_URL="$(address "$one"),$(address "$two")" passes 0 applied beside beside || return
  same "servers that wait to be told" "$(address "$two")" "$(stale)" || return
  [[ $(report r.warnings) == "$(address "$two"): it cannot be reached: "* ]] || { report r.warnings; return 1; }
}
told_later() {
  told_both in-sync || return
  same "servers that wait to be told" "" "$(stale)" || return
  [[ $(report r.notes) == *"$(address "$two") has been told now"* ]] || { report r.notes; return 1; }
}
stop_instance "$two"
add_field slogan
commit beside "Organizations have a slogan"
check "beside: a pass while one is down is applied, with a warning" down_meanwhile
check "beside: the other one serves the new field" serve "/items/organizations?limit=1&fields=slogan" 200 "$one"
start_instance "$two"
check "beside: it runs again" answers "$two"
check "beside: the next pass, which has nothing else to do, tells it" told_later
check "beside: it serves the new field" serve "/items/organizations?limit=1&fields=slogan" 200 "$two"

# ---- removed

git -C "$work/beside" rm --quiet -r snapshots
with_snapshot beside "$root/snapshots/schema.yaml"
commit beside "Neither

Allow-Destructive: field organizations.motto
Allow-Destructive: field organizations.slogan"
check "beside: a pass that removes fields tells both" told_both applied
check "beside: both have forgotten them" serve "/items/organizations?limit=1&fields=motto" 403 "$one" "$two"
for instance in "${!instance_pid[@]}"; do stop_instance "$instance"; done

# ---- a database without Directus

bootstrap_pass() {
  (
    export PGDATABASE=installed_by_us
    # shellcheck source=tests/conformance/directus-env
    source "$here/directus-env"
    unset PGDATABASE RECONCILE_DIRECTUS_TOKEN
    cd "$work/empty" || exit
    passes "$@"
  )
}
cat > "$work/bootstrap.yaml" << YAML
targets:
  default:
    database: $CONNINFO dbname=installed_by_us
    directus:
      bootstrap: ["$DIRECTUS_FOLDER/directus", bootstrap]
YAML
sql postgres --command "create database installed_by_us"
planned() {
  "$build/reconcile" plan --repo "$work/beside" --config "$work/bootstrap.yaml" --state "$work/state" 2>&1
}
plans_it() {
  local said
  said=$(exits 2 planned) || { echo "$said"; return 1; }
  grep --quiet "command $DIRECTUS_FOLDER/directus bootstrap" <<< "$said" || { echo "$said"; return 1; }
  same tables 0 "$(sql installed_by_us --command "select count(*) from pg_tables where schemaname = 'public'")"
}
check "bootstrap: a plan says that Directus would be installed, and installs nothing" plans_it
check "bootstrap: a pass installs it and applies the revision" \
  bootstrap_pass 0 applied installed_by_us beside --config "$work/bootstrap.yaml"
check "bootstrap: the second pass is empty" second_pass_is_empty installed_by_us beside
