// Makes random snapshots that are valid: as Directus 11.6.1 would write them, byte for byte.
//
//   usage: node generate.mjs SEED            the snapshot of that seed, on standard output
//          node generate.mjs SEED --pair     two documents: a base, and what random edits make of it
//
// env DIRECTUS_FOLDER: its own YAML library writes the text.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { editRandomly } from './random/edits.mjs';
import { snapshotOf } from './random/entities.mjs';
import {
  addFolder,
  addJunction,
  addManyToAny,
  addReference,
  addSystemFields,
  addTable,
  groupCollections,
  newModel,
  tablesOf,
} from './random/model.mjs';
import { Random } from './random/random.mjs';

export function generate(seed) {
  const random = new Random(seed);
  const model = newModel();
  random.times(0, 3, () => addFolder(random, model));
  random.times(1, 5, () => addTable(random, model));
  model.collections = random.shuffle(model.collections);
  groupCollections(random, model.collections);
  random.times(0, 5, () =>
    addReference(
      random,
      model,
      random.pick(tablesOf(model)),
      random.pick([...tablesOf(model), 'directus_users', 'directus_files']),
    ),
  );
  if (random.chance(0.3)) addJunction(random, model);
  if (random.chance(0.2)) addManyToAny(random, model);
  if (random.chance(0.3)) addSystemFields(random, model);
  if (random.chance(0.3)) model.fields = random.shuffle(model.fields);
  if (random.chance(0.3)) model.relations = random.shuffle(model.relations);
  return model;
}

// { base, desired, losses, renames }: both snapshots, and what a commit message has to say.
export function generatePair(seed) {
  const base = generate(seed);
  const { desired, losses, renames } = editRandomly(new Random(seed + 1_000_003), structuredClone(base));
  return { base: snapshotOf(base), desired: snapshotOf(desired), losses, renames };
}
// What a renamed collection or field loses goes under the new name, as the pass says it.
function nowCalled(loss, renames) {
  const [kind, name] = loss.split(' ');
  const rename = renames.find(({ from }) => name === from || name.startsWith(`${from}.`));
  return rename ? `${kind} ${rename.to}${name.slice(rename.from.length)}` : loss;
}

// The lines of the commit message.
export const trailersOf = ({ losses, renames }) => [
  ...losses.map((loss) => `Allow-Destructive: ${nowCalled(loss, renames)}`),
  ...renames.map(({ kind, from, to }) => `Rename: ${kind} ${from} to ${to}`),
];
export const generateOne = (seed) => snapshotOf(generate(seed));

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [seed, option] = process.argv.slice(2);
  if (!/^\d+$/.test(seed ?? '') || (option && option !== '--pair')) {
    console.error('usage: node generate.mjs SEED [--pair]');
    process.exit(64);
  }
  const yaml = createRequire(`${process.env.DIRECTUS_FOLDER}/node_modules/@directus/api/package.json`)('js-yaml');
  if (!option) {
    process.stdout.write(yaml.dump(generateOne(Number(seed))));
  } else {
    const pair = generatePair(Number(seed));
    process.stdout.write(`${yaml.dump(pair.base)}---\n${yaml.dump(pair.desired)}`);
    for (const line of trailersOf(pair)) process.stdout.write(`# ${line}\n`);
  }
}
