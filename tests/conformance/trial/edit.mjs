// The trial of an edit: a base, rows, and then a desired snapshot on top of it.
//
// What the edit loses is held until a commit allows it by name. Afterwards the database is what a fresh one gets from
// the desired snapshot: the real one writes the same snapshot of both, and pg_dump finds nothing left behind.
// The second pass is empty, and the rows of what was kept are as they were. At the end all that went comes back.

import { trailersOf } from '../generate.mjs';
import { applyTwice, mustBeExactly, withRepository } from './snapshot.mjs';
import { approve, mustBeEmpty, mustCome, pass, restore } from './controller.mjs';
import { footprintOf, query, schemaOf, templateOf, withDatabase } from './databases.mjs';
import { countRows, fillTables, readTables } from './rows.mjs';
import { Wrong, mustBeSame } from './say.mjs';

// Each table as the set of its lines: columns that were added stand last in it, and that is no difference.
const linesOf = (schema) =>
  schema
    .split('\n')
    .map((line) => line.replace(/,$/, ''))
    .filter(Boolean)
    .sort()
    .join('\n');

// What a table or column of the base is called afterwards.
function newNames(renames) {
  const of = (kind) => new Map(renames.filter((one) => one.kind === kind).map(({ from, to }) => [from, to]));
  const [tables, fields] = [of('collection'), of('field')];
  return {
    table: (table) => tables.get(table) ?? table,
    column: (table, column) => (fields.get(`${table}.${column}`) ?? `.${column}`).split('.').pop(),
  };
}

// Of the rows before and after, what they have in common: neither tables nor columns that only one has.
function mustKeepCommon(before, after, renames) {
  const name = newNames(renames);
  for (const [table, rows] of Object.entries(before)) {
    const now = after[name.table(table)];
    if (!now) continue;
    const columns = Object.keys(rows[0] ?? {}).filter((column) => name.column(table, column) in (now[0] ?? {}));
    const lines = (list, called) =>
      list
        .map((row) => columns.map((column) => JSON.stringify(row[called(column)])).join(' '))
        .sort()
        .join('\n');
    mustBeSame(
      `rows of ${table}`,
      lines(rows, (column) => column),
      lines(now, (column) => name.column(table, column)),
    );
    mustBeSame(`number of rows of ${table}`, String(rows.length), String(now.length));
  }
}

const losesData = (base) => (loss) => {
  const [kind, name] = loss.split(' ', 2);
  if (kind === 'collection') return base.collections.some((entry) => entry.collection === name && entry.schema);
  return kind === 'field' && base.fields.some((entry) => `${entry.collection}.${entry.field}` === name && entry.schema);
};

// With a collection, all that it has goes under another name.
const inside = (renames, object) =>
  renames.some(({ kind, from }) => kind === 'collection' && object.split(' ')[1].startsWith(`${from}.`));

// The pass with the edit. Where it is held, nothing has changed, what is held is what the edit loses, and a commit that
// allows it sets it free, or an approval where that is too much for a commit.
async function passEdit(database, repository, { base, text, losses, renames }) {
  await repository.commit(text, 'The edit');
  const before = await footprintOf(database);
  const first = await pass(database, repository);
  const gone = [...losses, ...renames.map(({ kind, from }) => `${kind} ${from}`)];
  const unasked = gone.filter(losesData(base));
  if (first.outcome !== 'held') {
    if (unasked.length && first.outcome === 'applied')
      throw new Wrong(`${unasked[0]} was lost, and nobody allowed it`, unasked);
    return first;
  }
  if (first.reason !== 'DestructiveChange') mustCome('the pass with the edit', first, 'applied');
  const unexpected = first.holds
    .filter(({ reason }) => reason !== 'DeletionBudgetExceeded')
    .map((hold) => hold.object)
    .filter((object) => !gone.includes(object) && !inside(renames, object));
  if (unexpected.length)
    throw new Wrong(
      `held, although the edit does not lose it: ${unexpected[0]}`,
      first.holds.map((hold) => hold.message),
    );
  mustBeSame('a pass that is held touches the database', before, await footprintOf(database));
  await repository.commit(text, `The edit, and that is meant\n\n${trailersOf({ losses, renames }).join('\n')}`);
  const second = await pass(database, repository);
  if (second.reason !== 'DeletionBudgetExceeded') return second;
  await approve(database, repository);
  return pass(database, repository);
}

async function mustEqualFresh(world, database, edit) {
  await withDatabase(templateOf(world.version), (fresh) =>
    withRepository(world, {}, edit.text, async (repository) => {
      await applyTwice('the desired snapshot on a fresh database', fresh, repository);
      const wanted = await world.judge.snapshot(fresh);
      mustBeSame(
        'the real snapshot is another than that of a fresh database',
        wanted,
        await world.judge.snapshot(database),
      );
      mustBeSame(
        'something is left behind, or missing (pg_dump)',
        linesOf(await schemaOf(fresh)),
        linesOf(await schemaOf(database)),
      );
    }),
  );
}

// What went comes back, each value to its row, and the real one reads the whole.
async function mustComeBack(world, database, rows, renames) {
  const kept = 'select id::text from reconcile.quarantine where ended is null order by kind, id';
  const ids = (await query(database, kept)).flat();
  if (!ids.length) return;
  await restore(database, ids);
  const now = await readTables(database);
  const name = newNames(renames);
  for (const [table, lines] of Object.entries(rows)) {
    const back = now[name.table(table)];
    if (!back) throw new Wrong(`${table} did not come back`, ids);
    const missing = Object.keys(lines[0] ?? {}).filter((column) => !(name.column(table, column) in (back[0] ?? {})));
    if (missing.length) throw new Wrong(`of ${table} did not come back: ${missing.join(', ')}`, ids);
  }
  mustKeepCommon(rows, now, renames);
  await world.judge.snapshot(database);
}

// edit: as generatePair gives it, and writtenBy.
export async function tryEdit(world, { base, desired, losses, renames, writtenBy }) {
  const [baseText, text] = [await world.judge.dump(base), await world.judge.dump(desired)];
  return withDatabase(templateOf(world.version), (database) =>
    withRepository(world, {}, baseText, async (repository) => {
      mustCome('the base', await pass(database, repository), 'applied');
      const refused = await fillTables(database);
      for (const line of refused) console.log(`  ${line}`);
      const rows = await readTables(database);
      mustCome(
        'the edit',
        await passEdit(database, repository, { base, text, losses, renames }),
        text === baseText ? 'in-sync' : 'applied',
      );
      mustBeEmpty('the second pass', await pass(database, repository));
      mustKeepCommon(rows, await readTables(database), renames);
      if (writtenBy === world.version) await mustBeExactly(world, 'the desired snapshot', database, text);
      await mustEqualFresh(world, database, { text });
      await mustComeBack(world, database, rows, renames);
      return `${countRows(rows)} rows, ${losses.length} losses, ${renames.length} renames`;
    }),
  );
}
