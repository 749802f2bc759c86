// The fixed cases: each file in snapshots/ on each version, as trial/snapshot.mjs says.
//
//   snapshots/NAME.yaml     the snapshot. Its `directus:` says which version wrote it.
//   snapshots/NAME.json     optional, what else there is to say of it:
//                             "why"       what it is about
//                             "edited"    true when a person changed the file: no version's bytes are demanded of it
//                             "prepare"   SQL that has to be there first; ours gets it as a pre migration
//                             "needs"     an extension that the server has to have; skipped where it has not
//                             "since"     the first version of PostgreSQL that can have it; skipped on earlier ones
//                             "versions"  the ones it is for, where it is not for all
//                             "nothing"   true when there is nothing to do in an empty database
//                             "refused"   what a pass has to say (a regular expression) when it must not apply the
//                                         file; may be one for each version
//                             "real"      what the real apply comes to, where that matters: "same", "other" (it does
//                                         not reproduce the file), "unlike" (it does, in another database than ours)
//                                         or "fails"; or one for each version

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { query } from '../trial/databases.mjs';
import { skip } from '../trial/say.mjs';
import { tryRefused, trySnapshot } from '../trial/snapshot.mjs';

const folder = new URL('snapshots/', import.meta.url).pathname;
const committed = new URL('../../../snapshots/schema.yaml', import.meta.url).pathname;

export const writerOf = (text) => /^directus: '?([\w.-]+)'?$/m.exec(text)?.[1];

// A folder with the statements as the first migration.
export function migrationsWith(world, name, statements) {
  const migrations = join(world.work, `${name}-migrations`);
  mkdirSync(join(migrations, 'pre'), { recursive: true });
  writeFileSync(join(migrations, 'pre', '001_prepare.sql'), `${statements}\n`);
  return migrations;
}

// What is said for all versions, or for this one.
const forVersion = (said, version) => (typeof said === 'object' ? said[version] : said);

function trialOf(world, name, server) {
  const text = readFileSync(join(folder, `${name}.yaml`), 'utf8');
  const sidecar = join(folder, `${name}.json`);
  const said = existsSync(sidecar) ? JSON.parse(readFileSync(sidecar, 'utf8')) : {};
  if (said.versions && !said.versions.includes(world.version)) return [];
  const why =
    said.needs && !server.extensions.includes(said.needs)
      ? `this PostgreSQL has no extension ${said.needs}`
      : said.since > server.major && `only PostgreSQL ${said.since} can have it`;
  if (why) {
    skip(`snapshot ${name} on ${world.version}`, why);
    return [];
  }
  const one = {
    text,
    writtenBy: said.edited ? null : writerOf(text),
    prepare: said.prepare,
    migrations: said.prepare && migrationsWith(world, name, said.prepare),
    nothing: said.nothing,
    refused: forVersion(said.refused, world.version),
    real: forVersion(said.real, world.version),
  };
  return [{ name: `snapshot ${name}`, run: () => (one.refused ? tryRefused : trySnapshot)(world, one) }];
}

export async function snapshotTrials(world) {
  const [[major]] = await query('postgres', "select current_setting('server_version_num')::int / 10000");
  const extensions = (await query('postgres', 'select name from pg_available_extensions')).flat();
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const own = { text: readFileSync(committed, 'utf8'), writtenBy: writerOf(readFileSync(committed, 'utf8')) };
  return [
    { name: 'snapshot of this repository', run: () => trySnapshot(world, own) },
    ...files.flatMap((name) => trialOf(world, name.slice(0, -'.yaml'.length), { major, extensions })),
  ];
}
