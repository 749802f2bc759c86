// The judge of judge.mjs and the command line of the same Directus say the same: of a database without changes, and of
// one with some. All else rests on that.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { templateOf, withDatabase } from '../trial/databases.mjs';
import { folderOf } from '../trial/judges.mjs';
import { Wrong, mustBeSame } from '../trial/say.mjs';
import { fileOf } from '../trial/snapshot.mjs';

const run = promisify(execFile);
const committed = new URL('../../../snapshots/schema.yaml', import.meta.url).pathname;

async function commandLine(world, database, ...words) {
  const { stdout, stderr, code } = await run(join(folderOf(world.version), 'directus'), ['schema', ...words], {
    cwd: join(process.env.WORK, 'empty'),
    env: { ...process.env, DIRECTUS_FOLDER: folderOf(world.version), DB_DATABASE: database },
    maxBuffer: 1 << 28,
  }).catch((error) => error);
  if (code) throw new Wrong(`directus schema ${words[0]} ended with status ${code}`, (stdout + stderr).split('\n'));
  return stdout + stderr;
}

// The lines of a dry run that name something, without the details below them.
const namedBy = (said) => [...said.matchAll(/^ {2}- (\S.*)$/gm)].map(([, line]) => line);

async function mustAgree(world, database, file, hasChanges) {
  const saved = join(world.work, `${database}.yaml`);
  await commandLine(world, database, 'snapshot', '--yes', saved);
  mustBeSame('the snapshot of the command line', readFileSync(saved, 'utf8'), await world.judge.snapshot(database));
  const said = await commandLine(world, database, 'apply', '--dry-run', file);
  const { changes } = await world.judge.diff(database, file);
  mustBeSame('the changes of the dry run', namedBy(said).join('\n'), changes.join('\n'));
  if (said.includes('No changes to apply.') !== (changes.length === 0)) throw new Wrong(`the dry run says ${said}`);
  if (changes.length > 0 !== hasChanges) throw new Wrong(`${changes.length} changes are not what this is about`);
}

const changed = (text) =>
  text
    .replace('note: GPS trackers', 'note: Others')
    .replace('  - collection: vehicles\n    field: notes', '  - collection: vehicles\n    field: remarks')
    .replace('on_delete: CASCADE', 'on_delete: NO ACTION');

async function agree(world) {
  await withDatabase(templateOf(world.version), async (database) => {
    await mustAgree(world, database, committed, true);
    await world.judge.apply(database, committed);
    const own = await world.judge.snapshot(database);
    await mustAgree(world, database, fileOf(world, own), false);
    await mustAgree(world, database, fileOf(world, changed(own)), true);
    // Written by an older version: newer ones find changes everywhere.
    if (world.version !== '11.6.1') await mustAgree(world, database, committed, true);
  });
}

export const agreementTrials = (world) => [{ name: 'the judge and the command line agree', run: () => agree(world) }];
