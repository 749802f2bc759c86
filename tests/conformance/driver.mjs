// Runs the trials of trial/ and prints the lines of a suite.
//
//   usage: driver.mjs [PART…]      snapshots corpus seeds random agreement; by default all of them
//
// env DIRECTUS_VERSIONS   which ones, by default those of install-directus that are there
//     RECONCILE           the program, by default the one in RECONCILE_BUILD
//     ONLY                a regular expression: trials of that name only
//     KEEP                leave databases and repositories behind
//     JOBS                so many trials at a time, by default as many as there are processors
// and what directus-env sets. `run` starts a server with the templates and calls this.

import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { useClientOf } from './trial/databases.mjs';
import { Judge } from './trial/judges.mjs';
import { exitCode, inParallel, trial } from './trial/say.mjs';
import { agreementTrials } from './cases/agreement.mjs';
import { corpusTrials } from './cases/corpus.mjs';
import { randomTrials, seedTrials } from './cases/random.mjs';
import { snapshotTrials } from './cases/snapshots.mjs';

const versions = process.env.DIRECTUS_VERSIONS.split(' ').filter(Boolean);
const work = process.env.WORK;
const only = new RegExp(process.env.ONLY ?? '');
useClientOf(versions[0]);

const judges = new Map(versions.map((version) => [version, new Judge(version, join(work, 'empty'))]));
const worlds = versions.map((version) => {
  const folder = join(work, `driver-${version}`);
  mkdirSync(folder, { recursive: true });
  return { version, work: folder, judge: judges.get(version), judges };
});

const parts = {
  agreement: agreementTrials,
  snapshots: snapshotTrials,
  corpus: corpusTrials,
  seeds: seedTrials,
  random: randomTrials,
};
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
for (const part of wanted)
  if (!parts[part]) throw new Error(`no part ${part}; there are: ${Object.keys(parts).join(' ')}`);

// A part gives the trials of one version: { name, run } each. The versions take turns, because a judge does one thing
// at a time.
async function jobsOf(part) {
  const lists = [];
  for (const world of worlds)
    lists.push((await parts[part](world)).map(({ name, run }) => ({ name: `${name} on ${world.version}`, run })));
  const longest = Math.max(...lists.map((list) => list.length));
  const turns = Array.from({ length: longest }, (_, turn) => lists.map((list) => list[turn]));
  return turns.flat().filter((job) => job && only.test(job.name));
}

const jobs = [];
for (const part of wanted) jobs.push(...(await jobsOf(part)));
await inParallel(
  Number(process.env.JOBS ?? availableParallelism()),
  jobs.map(
    ({ name, run }) =>
      () =>
        trial(name, run),
  ),
);
await Promise.all([...judges.values()].map((judge) => judge.end()));
process.exitCode = exitCode();
