// The trial of one snapshot on one version of Directus.
//
// Ours, on a fresh database: applied in one pass; the second pass is empty and touches nothing; the rows made in
// between are there. The real one then judges that database:
//   - a file that this version wrote has to come out byte for byte, and its dry run has to find nothing;
//   - of any other file, everything that it says has to be there. What the real one writes of the database is that file
//     as this version would have written it: that goes through the same trial, and has to come out byte for byte.
// Where the real apply of the same file reproduces it as well, both databases have the same schema and metadata.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { differences } from './contains.mjs';
import { Repository, mustBeEmpty, mustCome, pass, wordsOf } from './controller.mjs';
import { footprintOf, metadataOf, query, schemaOf, templateOf, withDatabase } from './databases.mjs';
import { countRows, fillTables, readTables } from './rows.mjs';
import { Wrong, mustBeSame } from './say.mjs';

let files = 0;
const newPath = (world, name) => join(world.work, `${++files}-${name}`);

// withRepository WORLD CASE TEXT FUNCTION: one commit with the text as its snapshot, and with the case's other folders.
export async function withRepository(world, { migrations, message = 'The schema' }, text, work) {
  const repository = new Repository(newPath(world, 'repository'));
  try {
    if (migrations) await repository.add(migrations, 'migrations');
    await repository.commit(text, message);
    return await work(repository);
  } finally {
    if (!process.env.KEEP) repository.remove();
  }
}

export function fileOf(world, text) {
  const file = newPath(world, 'schema.yaml');
  writeFileSync(file, text);
  return file;
}

const mustHaveNoChanges = (what, { changes, details }) => {
  if (changes.length) throw new Wrong(`${what}: ${details[0] ?? changes[0]}`, [...changes, ...details]);
};

export async function mustBeExactly(world, what, database, text) {
  mustBeSame(`${what}: the real snapshot is another`, text, await world.judge.snapshot(database));
  mustHaveNoChanges(`${what}: the real dry run finds changes`, await world.judge.diff(database, fileOf(world, text)));
}

export const mustKeep = (what, before, after) => {
  for (const [table, rows] of Object.entries(before))
    mustBeSame(`${what}: rows of ${table}`, JSON.stringify(rows), JSON.stringify(after[table]));
};

// Applies, fills, and applies again. The rows that were made are returned.
export async function applyTwice(what, database, repository, outcome) {
  mustCome(`${what}: the first pass`, await pass(database, repository), outcome || 'applied');
  const refused = await fillTables(database);
  const [rows, footprint] = [await readTables(database), await footprintOf(database)];
  const again = await pass(database, repository);
  mustBeEmpty(`${what}: the second pass`, again);
  mustBeSame(`${what}: the second pass touches the database`, footprint, await footprintOf(database));
  mustKeep(`${what}: the second pass`, rows, await readTables(database));
  return { rows, refused };
}

// A file is read by the version that wrote it, where we have that: what a bare 1_000 is depends on its YAML library.
async function mustContain(world, { text, writtenBy }, snapshot) {
  const reader = world.judges.get(writtenBy) ?? world.judge;
  const [file, found] = [await reader.load(fileOf(world, text)), await world.judge.load(fileOf(world, snapshot))];
  const missing = differences(file, found);
  if (missing.length) throw new Wrong(`the real snapshot lacks something of the file: ${missing[0]}`, missing);
}

// What the real apply of the same text comes to: "same", "other" (it does not write its own file), "fails", or "unlike"
// where that is expected: it writes the file, but the database is not the one that we make.
async function compareWithRealApply(world, one, text, ours) {
  return withDatabase(templateOf(world.version), async (real) => {
    if (one.prepare) await query(real, one.prepare);
    const applied = await world.judge.apply(real, fileOf(world, text));
    if (!applied.ok) return 'fails';
    if ((await world.judge.snapshot(real)) !== text) return 'other';
    if (one.real === 'unlike') return (await schemaOf(real)) === (await schemaOf(ours)) ? 'same' : 'unlike';
    mustBeSame('pg_dump --schema-only, beside the real apply', await schemaOf(real), await schemaOf(ours));
    mustBeSame('rows of metadata, beside the real apply', await metadataOf(real), await metadataOf(ours));
    return 'same';
  });
}

// A text that this version wrote, from nothing.
async function tryOwn(world, one, text) {
  return withDatabase(templateOf(world.version), (database) =>
    withRepository(world, one, text, async (repository) => {
      const made = await applyTwice(`as ${world.version} writes it`, database, repository, one.nothing && 'in-sync');
      await mustBeExactly(world, `as ${world.version} writes it`, database, text);
      return { ...made, real: await compareWithRealApply(world, one, text, database) };
    }),
  );
}

// A text of any other version: its own trial, and what this version makes of it.
async function tryForeign(world, one) {
  return withDatabase(templateOf(world.version), (database) =>
    withRepository(world, one, one.text, async (repository) => {
      await applyTwice('as it is', database, repository, one.nothing && 'in-sync');
      const canonical = await world.judge.snapshot(database);
      await mustContain(world, one, canonical);
      return canonical;
    }),
  );
}

// A file that must not be applied: the pass says why, and leaves no trace.
export async function tryRefused(world, one) {
  return withDatabase(templateOf(world.version), (database) =>
    withRepository(world, one, one.text, async (repository) => {
      const before = await footprintOf(database);
      const report = await pass(database, repository);
      if (!['held', 'failed'].includes(report.outcome)) mustCome('a pass that must not apply it', report, 'held');
      const said = wordsOf(report);
      if (!new RegExp(one.refused).test(said))
        throw new Wrong(`the pass does not say /${one.refused}/: ${said.replaceAll('\n', ' ')}`);
      mustBeSame('a pass that did not apply it touched the database', before, await footprintOf(database));
      return report.outcome;
    }),
  );
}

// world: version, judge, judges (of all versions), work (a folder). one: text, writtenBy, and optionally migrations (a folder), prepare (what the
// real apply needs before it, as SQL), real (what the real apply has to come to).
export async function trySnapshot(world, one) {
  const text = one.writtenBy === world.version ? one.text : await tryForeign(world, one);
  const { rows, refused, real } = await tryOwn(world, one, text);
  for (const line of refused) console.log(`  ${line}`);
  if (one.real && one.real !== real) throw new Wrong(`the real apply: ${real} instead of ${one.real}`);
  return `${countRows(rows)} rows; real apply: ${real}`;
}
