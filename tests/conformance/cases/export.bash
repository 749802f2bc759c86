# shellcheck shell=bash disable=SC2016,SC2154  # JavaScript stands in quotes; `run`, which sources this, has the variables
#
# `reconcile snapshot` writes what the real `directus schema snapshot` writes: of a database that a pass made, and after
# somebody changed the schema in a running Directus, behind git's back. `--check` tells the two apart.

# exported DATABASE [OPTION…]: into export.yaml
exported() {
  local database=$1
  shift
  "${RECONCILE:-$build/reconcile}" snapshot --repo "$work/export" --state "$work/state" --database "$CONNINFO dbname=$database" "$@" \
    > "$work/export.yaml"
}
export_is_the_real_snapshot() {
  exported export && directus export schema snapshot --yes "$work/export-real.yaml" > "$work/snapshot.log" 2>&1 ||
    { cat "$work/snapshot.log"; return 1; }
  diff --unified=1 "$work/export-real.yaml" "$work/export.yaml"
}
# in_directus SCRIPT: with `get` and `post` of directus-api.mjs, against the server of this case.
in_directus() {
  DIRECTUS=http://127.0.0.1:$export_port "$node" --input-type module --eval "
    import { post, untilReady } from '$here/directus-api.mjs';
    await untilReady();
    $1"
}
check_names() {
  exits 2 exported export --check && grep --fixed-strings "$1" "$work/export.yaml"
}

with_snapshot export "$root/snapshots/schema.yaml"
commit export "TRM"
new_database export
check "export: a pass applies TRM" passes 0 applied export export
check "export: ours is byte for byte the real snapshot" export_is_the_real_snapshot
check "export: --check finds nothing" exits 0 exported export --check

export_port=8255
while (: <> "/dev/tcp/127.0.0.1/$export_port") 2> /dev/null; do export_port=$((export_port + 1)); done
(PORT=$export_port become_directus export start >> "$work/directus-export.log" 2>&1) &
export_server=$!
at_end 'kill "$export_server" 2> /dev/null || true; wait "$export_server" || true'
check "export: a field is made in a running Directus" in_directus "
  await post('/fields/organizations', { field: 'motto', type: 'string', meta: { interface: 'input', note: \"it's: new\" }, schema: { is_indexed: true } });"
check "export: --check names it" check_names organizations.motto
check "export: ours is byte for byte the real snapshot again" export_is_the_real_snapshot
check "export: a collection with every kind of relation is made there" in_directus "
  const id = { field: 'id', type: 'integer', schema: { is_primary_key: true, has_auto_increment: true }, meta: { hidden: true } };
  const text = (field) => ({ field, type: 'string', schema: {}, meta: {} });
  await post('/collections', { collection: 'folder', meta: { note: 'a folder' }, schema: null });
  await post('/collections', { collection: 'badges', meta: { group: 'folder', sort: 1 }, schema: {}, fields: [id, text('item'), text('kind')] });
  await post('/fields/badges', { field: 'organization', type: 'uuid', schema: {}, meta: { special: ['m2o'] } });
  await post('/relations', { collection: 'badges', field: 'organization', related_collection: 'organizations', meta: { one_field: 'badges' }, schema: { on_delete: 'CASCADE' } });
  await post('/fields/organizations', { field: 'badges', type: 'alias', schema: null, meta: { special: ['o2m'], interface: 'list-o2m', options: { layout: 'table', 'é': [1, { b: 2, a: 1.5 }] } } });
  await post('/relations', { collection: 'badges', field: 'item', related_collection: null, meta: { one_allowed_collections: ['organizations', 'folder'], one_collection_field: 'kind' } });
  await post('/fields/directus_users', { field: 'nickname', type: 'string', schema: { default_value: \"x'y\" }, meta: { interface: 'input' } });"
check "export: ours is still byte for byte the real snapshot" export_is_the_real_snapshot
adopted() {
  cp "$work/export-real.yaml" "$work/export/snapshots/schema.yaml"
  commit export "What was made in the app"
  passes 0 in-sync export export && same steps "" "$(report "$steps")" && exits 0 exported export --check
}
check "export: committing it adopts what is there" adopted
kill "$export_server"
wait "$export_server" || true
