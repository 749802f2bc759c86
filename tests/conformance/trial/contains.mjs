// Whether the snapshot of a database holds everything that a file asks for, whatever version wrote the file.
//
// Every key that the file has must have the same value in the snapshot; keys that the file lacks may be anything, and
// keys that the Directus of the snapshot does not know at all do not count. Entities must be the same, and fields and
// relations in the same order within each collection.

import { isDeepStrictEqual } from 'node:util';

const nameOf = (entry) => (entry.field === undefined ? entry.collection : `${entry.collection}.${entry.field}`);

// Since 11.10, what Directus does not track is in no snapshot.
const listsUntracked = (version) => {
  const [major, minor] = version.split('.').map(Number);
  return major < 11 || (major === 11 && minor < 10);
};

// Keys of `meta` and `schema` that the snapshot has anywhere.
const knownKeys = (entries) =>
  new Set(
    entries.flatMap((entry) =>
      ['meta', 'schema'].flatMap((part) => Object.keys(entry[part] ?? {}).map((key) => `${part}.${key}`)),
    ),
  );

// nextval('"a_seq"'::regclass) says what nextval('a_seq'::regclass) does.
const spelled = (value) =>
  typeof value === 'string' ? value.replace(/^nextval\('"([a-z_][a-z0-9_]*)"'/, "nextval('$1'") : value;

export function differences(file, snapshot) {
  const found = [];
  const differ = (what, wanted, actual) =>
    found.push(`${what}: the file has ${JSON.stringify(wanted)}, the database ${JSON.stringify(actual)}`);
  for (const kind of ['collections', 'fields', 'relations']) compareKind(kind, file, snapshot, differ);
  return found;
}

function compareKind(kind, file, snapshot, differ) {
  const wanted = file[kind].filter((entry) => entry.meta !== null || listsUntracked(snapshot.directus));
  const known = knownKeys(snapshot[kind]);
  const actual = new Map(snapshot[kind].map((entry) => [nameOf(entry), entry]));
  for (const entry of wanted) {
    const name = `${kind} ${nameOf(entry)}`;
    const now = actual.get(nameOf(entry));
    actual.delete(nameOf(entry));
    if (now === undefined) differ(name, 'it', 'nothing');
    else compareEntry(name, entry, now, known, differ);
  }
  for (const name of actual.keys()) differ(`${kind} ${name}`, 'nothing', 'it');
  if (kind !== 'collections') compareOrder(kind, wanted, snapshot[kind], differ);
}

function compareEntry(name, entry, now, known, differ) {
  for (const key of ['type', 'related_collection']) {
    if (key in entry && !isDeepStrictEqual(entry[key], now[key])) differ(`${name} ${key}`, entry[key], now[key]);
  }
  for (const part of ['meta', 'schema']) {
    for (const [key, value] of Object.entries(entry[part] ?? {})) {
      if (!known.has(`${part}.${key}`)) continue;
      if (!isDeepStrictEqual(spelled(value), now[part]?.[key]))
        differ(`${name} ${part}.${key}`, value, now[part]?.[key]);
    }
    if (entry[part] === null && now[part]) differ(`${name} ${part}`, null, 'one');
  }
}

function compareOrder(kind, wanted, actual, differ) {
  const byCollection = (list) => Object.groupBy(list, (entry) => entry.collection);
  const names = (list) => list.map((entry) => entry.field).join(' ');
  const order = byCollection(actual);
  for (const [collection, list] of Object.entries(byCollection(wanted))) {
    const now = order[collection] ?? [];
    if (list.length === now.length && names(list) !== names(now))
      differ(`order of ${kind} of ${collection}`, names(list), names(now));
  }
}
