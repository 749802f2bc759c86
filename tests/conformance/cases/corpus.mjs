// Snapshots that other projects published, in ../shared/corpus beside the checkout, and those of ../shared/rally. Many
// were written by versions that we do not have; trial/snapshot.mjs says what is demanded of those.

import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readFileSync } from 'node:fs';
import { skip } from '../trial/say.mjs';
import { tryRefused, trySnapshot } from '../trial/snapshot.mjs';
import { writerOf } from './snapshots.mjs';

const shared = new URL('../../../../shared/', import.meta.url).pathname;
const published = () =>
  ['corpus', 'rally']
    .map((name) => join(shared, name))
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((file) => /\.(yaml|json)$/.test(file));

// Directus 12 counts collections that it knows, that are active and that have a table; without a licence it allows 25.
const allowed = (version) => (Number(version.split('.')[0]) >= 12 ? 25 : Infinity);
export const countActive = ({ collections }) =>
  collections.filter(
    ({ collection, meta, schema }) =>
      schema && meta && (meta.status ?? 'active') === 'active' && !collection.startsWith('directus_'),
  ).length;

async function trialOf(world, file) {
  const snapshot = await world.judge.load(file);
  const text = readFileSync(file, 'utf8');
  const one = { text, writtenBy: file.endsWith('.json') ? null : writerOf(text) };
  const active = countActive(snapshot);
  const name = `published ${basename(file)}`;
  if (active <= allowed(world.version)) return { name, run: () => trySnapshot(world, one) };
  return {
    name: `${name}, ${active} collections, held for the licence`,
    run: () => tryRefused(world, { ...one, refused: '25|licen[cs]e' }),
  };
}

let said = false;
export async function corpusTrials(world) {
  const files = published();
  if (!files.length && !said) {
    said = true;
    skip('published snapshots', 'there is no folder shared/corpus beside the checkout');
  }
  return Promise.all(files.map((file) => trialOf(world, file)));
}
