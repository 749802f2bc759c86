// Whether the snapshot of a database holds everything that a file asks for, whatever version wrote the file.
//
//   usage: node contains-snapshot.mjs FILE SNAPSHOT      env DIRECTUS_FOLDER; FILE may be YAML or JSON
//
// Every key that FILE has must have the same value in SNAPSHOT; keys that FILE lacks may be anything, and keys that the
// Directus of SNAPSHOT does not know at all are only named. Entities must be the same, and fields and relations in the
// same order within each collection. Differences are printed, and counted last.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';

const yaml = createRequire(`${process.env.DIRECTUS_FOLDER}/node_modules/@directus/api/package.json`)('js-yaml');
const [file, snapshot] = process.argv.slice(2).map((path) => yaml.load(readFileSync(path, 'utf8')));

const differences = [];
const differ = (path, wanted, found) =>
  differences.push(`${path}: the file has ${JSON.stringify(wanted)}, the database ${JSON.stringify(found)}`);

const nameOf = (entry) => (entry.field === undefined ? entry.collection : `${entry.collection}.${entry.field}`);
const unknown = new Set();
const byCollection = (list) => Object.groupBy(list, (entry) => entry.collection);

for (const kind of ['collections', 'fields', 'relations']) {
  const known = new Set(
    snapshot[kind].flatMap((entry) => ['meta', 'schema'].flatMap((part) => Object.keys(entry[part] ?? {}).map((key) => `${part}.${key}`))),
  );
  const found = new Map(snapshot[kind].map((entry) => [nameOf(entry), entry]));
  for (const wanted of file[kind]) {
    const name = `${kind} ${nameOf(wanted)}`;
    const actual = found.get(nameOf(wanted));
    found.delete(nameOf(wanted));
    if (actual === undefined) {
      differ(name, 'it', 'nothing');
      continue;
    }
    for (const key of ['type', 'related_collection']) {
      if (key in wanted && !isDeepStrictEqual(wanted[key], actual[key])) differ(`${name} ${key}`, wanted[key], actual[key]);
    }
    for (const part of ['meta', 'schema']) {
      for (const [key, value] of Object.entries(wanted[part] ?? {})) {
        if (!known.has(`${part}.${key}`)) {
          unknown.add(`${kind} ${part}.${key}`);
          continue;
        }
        const now = actual[part]?.[key];
        if (!isDeepStrictEqual(value, now)) differ(`${name} ${part}.${key}`, value, now);
      }
      if (wanted[part] === null && actual[part]) differ(`${name} ${part}`, null, 'one');
    }
  }
  for (const name of found.keys()) differ(`${kind} ${name}`, 'nothing', 'it');
  if (kind === 'collections') continue;
  const order = byCollection(snapshot[kind]);
  for (const [collection, wanted] of Object.entries(byCollection(file[kind]))) {
    const names = (list) => list.map((entry) => entry.field).join(' ');
    const actual = order[collection] ?? [];
    if (wanted.length === actual.length && names(wanted) !== names(actual)) {
      differ(`order of ${kind} of ${collection}`, names(wanted), names(actual));
    }
  }
}
if (unknown.size) console.log(`unknown to this Directus: ${[...unknown].join(', ')}`);
for (const difference of differences) console.log(difference);
console.log(`${differences.length} differences`);
process.exitCode = differences.length === 0 ? 0 : 1;
