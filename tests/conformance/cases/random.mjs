// Random snapshots and random edits. Each version has seeds of its own; those that once failed are in seeds, and are
// tried on all of them.
//
// env RECONCILE_SEED   where to begin; by default somewhere else each day, and printed
//     RANDOM_COUNT     so many of each kind and version, by default 4
//     SEEDS            instead, exactly these: "snapshot 1009, edit 5024"

import { readFileSync } from 'node:fs';
import { generateOne, generatePair } from '../generate.mjs';
import { tryEdit } from '../trial/edit.mjs';
import { trySnapshot } from '../trial/snapshot.mjs';

const writtenBy = '11.6.1';
const kinds = {
  snapshot: async (world, seed) => trySnapshot(world, { text: await world.judge.dump(generateOne(seed)), writtenBy }),
  edit: (world, seed) => tryEdit(world, { ...generatePair(seed), writtenBy }),
};
const trialOf = (world, kind, seed) => ({ name: `random ${kind} ${seed}`, run: () => kinds[kind](world, seed) });

const count = Number(process.env.RANDOM_COUNT ?? 4);
const start = Number(process.env.RECONCILE_SEED ?? Math.floor(Date.now() / 86_400_000));
const perVersion = 10_000;

let told = 0;
export function randomTrials(world) {
  if (process.env.SEEDS) return process.env.SEEDS.split(',').map((one) => trialOf(world, ...listed(one)));
  if (!told) console.log(`random trials: RECONCILE_SEED=${start} repeats them`);
  const first = (start % 4000) * 1_000_000 + told++ * perVersion;
  return Array.from({ length: count }, (_, at) =>
    ['snapshot', 'edit'].map((kind) => trialOf(world, kind, first + at)),
  ).flat();
}

// "KIND SEED", and what was wrong behind a #.
const listed = (line) => {
  const [kind, seed] = line.replace(/#.*/, '').trim().split(/\s+/);
  if (!kinds[kind]) throw new Error(`no kind of random trial: ${line}`);
  return [kind, Number(seed)];
};
const regressions = readFileSync(new URL('seeds', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^\w/.test(line))
  .map(listed);
export const seedTrials = (world) => regressions.map(([kind, seed]) => trialOf(world, kind, seed));
