// The real Directus as a judge that stays: it loads @directus/api once and then answers for any number of databases.
//
//   usage: $DIRECTUS_FOLDER/node_modules/node-linux-*/bin/node judge.mjs      env as in directus-env
//
// Each line of standard input is a request, each line of standard output its answer, in the same order:
//
//   {"id": 1, "do": "snapshot", "database": "trm"}                  → {"id": 1, "ok": true, "text": "version: 1…"}
//   {"id": 2, "do": "diff", "database": "trm", "file": "/a.yaml"}   → {"id": 2, "ok": true, "changes": ["Update a"]}
//   {"id": 3, "do": "apply", "database": "trm", "file": "/a.yaml"}  → {"id": 3, "ok": false, "error": "…"}
//   {"id": 4, "do": "build", "database": "trm", "model": […]}       → {"id": 4, "ok": true}
//   {"id": 5, "do": "dump", "value": {…}}                           → {"id": 5, "ok": true, "text": "…"}
//   {"id": 6, "do": "load", "file": "/a.yaml"}                      → {"id": 6, "ok": true, "value": {…}}
//
// "snapshot", "diff" and "apply" are what `directus schema snapshot`, `schema apply --dry-run` and `schema apply --yes`
// do; an empty list of changes is their "No changes to apply." A model is a list of things to create, most of them
// through Directus' own services and as its REST API takes them:
//
//   {"collection": …}                   a collection with its fields
//   {"field": …, "of": COLLECTION}      a field of one that is there
//   {"change": …, "of": COLLECTION}     a field that is there
//   {"relation": …}
//   {"sql": "…"}                        what Directus itself cannot create
//   {"track": COLLECTION, "meta": …, "fields": {NAME: meta, …}}
//                                       a table that SQL made becomes a collection, with all its columns

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

// Whatever Directus takes from the environment instead of from the request's own connection would ask this database,
// and fail loudly, because nobody creates it. What it logs would stand between the answers.
Object.assign(process.env, { DB_DATABASE: 'no_request_is_for_this', CACHE_SCHEMA: 'false', LOG_LEVEL: 'silent' });

const api = `${process.env.DIRECTUS_FOLDER}/node_modules/@directus/api`;
const require = createRequire(`${api}/package.json`);
const yaml = require('js-yaml');
const knex = require('knex');
// Directus 12 has these three in a folder of their own.
const schemaUtils = existsSync(`${api}/dist/utils/schema`) ? 'utils/schema' : 'utils';
const load = (path) => import(`${api}/dist/${path}.js`);

const { getSnapshot } = await load(`${schemaUtils}/get-snapshot`);
const { getSnapshotDiff } = await load(`${schemaUtils}/get-snapshot-diff`);
const { applySnapshot } = await load(`${schemaUtils}/apply-snapshot`);
const { getSchema } = await load('utils/get-schema');
const { flushCaches } = await load('cache');
const { CollectionsService } = await load('services/collections');
const { FieldsService } = await load('services/fields');
const { RelationsService } = await load('services/relations');
// Since 12 it remembers how many collections a database has.
const entitlements = existsSync(`${api}/dist/license`)
  ? (await load('license/entitlements/manager')).getEntitlementManager()
  : null;

const parse = (file) => {
  const text = readFileSync(file, 'utf8');
  return file.endsWith('.json') ? JSON.parse(text) : yaml.load(text);
};

// ---- what a dry run prints

const kinds = { N: 'Create', D: 'Delete', E: 'Update', A: 'Update' };

// The first change decides, as in Directus' own command line; only for fields does it know that a key of `meta` may
// come and go.
function verb(kind, [first]) {
  const nested = first.path?.[0] === 'meta' && first.path.length > 1;
  return kind !== 'collections' && kind !== 'relations' && nested ? 'Update' : kinds[first.kind];
}

function describe(kind, { collection, field, related_collection, diff }) {
  const related = kind === 'relations' && related_collection ? ` → ${related_collection}` : '';
  const name = (field === undefined ? collection : `${collection}.${field}`) + related;
  const values = (change) => `${JSON.stringify(change.lhs) ?? 'nothing'} → ${JSON.stringify(change.rhs) ?? 'nothing'}`;
  const details = diff
    .map((change) => (change.path ? `${change.path.join('.')}: ${values(change)}` : ''))
    .filter(Boolean);
  return { line: `${verb(kind, diff)} ${name}`, details };
}

const describeAll = (diff) =>
  ['collections', 'fields', 'systemFields', 'relations'].flatMap((kind) =>
    (diff[kind] ?? []).map((entry) => describe(kind, entry)),
  );

// ---- requests

const services = (database, schema) => {
  const options = { knex: database, schema };
  return {
    collections: new CollectionsService(options),
    fields: new FieldsService(options),
    relations: new RelationsService(options),
  };
};

// Events go with a schema that is read without the request's connection.
const quietly = { emitEvents: false };

async function track(database, { collections, fields }, { track: collection, meta = {}, fields: metas = {} }) {
  await collections.updateOne(collection, { meta }, quietly);
  const columns = await database('information_schema.columns')
    .where({ table_schema: 'public', table_name: collection })
    .orderBy('ordinal_position')
    .pluck('column_name');
  for (const field of columns) await fields.updateField(collection, { field, meta: metas[field] ?? {} }, quietly);
}

// Each part sees the schema that the ones before it left behind.
async function build(database, model) {
  for (const part of model) {
    const { collections, fields, relations } = services(database, await getSchema({ database, bypassCache: true }));
    if (part.collection) await collections.createOne({ schema: {}, ...part.collection }, quietly);
    else if (part.field) await fields.createField(part.of, part.field, undefined, quietly);
    else if (part.change) await fields.updateField(part.of, part.change, quietly);
    else if (part.relation) await relations.createOne(part.relation, quietly);
    else if (part.sql)
      await database.raw(part.sql.replaceAll('?', '\\?')); // knex takes a ? for a parameter
    else if (part.track) await track(database, { collections, fields }, part);
    else throw new Error(`not a part of a model: ${JSON.stringify(part)}`);
  }
}

const withDatabase = {
  snapshot: async (database) => ({ text: yaml.dump(await getSnapshot({ database })) }),
  diff: async (database, { file }) => {
    const found = describeAll(getSnapshotDiff(await getSnapshot({ database }), parse(file)));
    return {
      changes: found.map(({ line }) => line),
      details: found.flatMap(({ line, details }) => details.map((text) => `${line}: ${text}`)),
    };
  },
  // With both computed first, as the command line does, so that a file it cannot read changes nothing.
  apply: async (database, { file }) => {
    const snapshot = parse(file);
    const current = await getSnapshot({ database });
    await applySnapshot(snapshot, { current, diff: getSnapshotDiff(current, snapshot), database });
  },
  build: (database, { model }) => build(database, model),
};
const withoutDatabase = {
  dump: ({ value }) => ({ text: yaml.dump(value) }),
  load: ({ file }) => ({ value: parse(file) }),
};

async function forget() {
  await flushCaches(true);
  entitlements?.clearCacheNoPublish();
}

async function answer(request) {
  if (withoutDatabase[request.do]) return withoutDatabase[request.do](request);
  if (!withDatabase[request.do]) throw new Error(`no such request: ${request.do}`);
  await forget();
  const { DB_HOST: host, DB_PORT: port, DB_USER: user, DB_PASSWORD: password } = process.env;
  const database = knex({
    client: 'pg',
    connection: { host, port: Number(port), user, password, database: request.database },
  });
  try {
    return await withDatabase[request.do](database, request);
  } finally {
    await database.destroy();
  }
}

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  try {
    say({ id: request.id, ok: true, ...(await answer(request)) });
  } catch (error) {
    say({ id: request.id, ok: false, error: error?.stack ?? String(error) });
  }
}
process.exit(0); // Directus leaves timers behind
