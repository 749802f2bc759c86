// Our side: repositories with commits, and passes of `reconcile` with them.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Wrong } from './say.mjs';

const run = promisify(execFile);
const binary = process.env.RECONCILE ?? join(process.env.RECONCILE_BUILD, 'reconcile');

export class Repository {
  constructor(folder) {
    this.folder = folder;
    mkdirSync(join(folder, 'snapshots'), { recursive: true });
  }

  #git = (...words) =>
    run('git', ['-C', this.folder, '-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...words]);

  // The text becomes the desired snapshot; what else lies in the folder is committed with it.
  async commit(text, message) {
    if (!existsSync(join(this.folder, '.git')))
      await run('git', ['init', '--quiet', '--initial-branch', 'main', this.folder]);
    if (this.schema) rmSync(this.schema);
    this.schema = join(this.folder, 'snapshots', text.startsWith('{') ? 'schema.json' : 'schema.yaml');
    writeFileSync(this.schema, text);
    await this.#git('add', '--all');
    await this.#git('commit', '--quiet', '--allow-empty', '--message', message);
  }

  async add(folder, name) {
    await cp(folder, join(this.folder, name), { recursive: true });
  }
  read = () => readFileSync(this.schema, 'utf8');
  remove = () => rmSync(this.folder, { recursive: true, force: true });
}

// One pass with the newest commit, and its report.
export async function pass(database, repository) {
  const words = ['--once', '--repo', repository.folder, '--database', `${process.env.CONNINFO} dbname=${database}`];
  const result = await run(binary, [...words, '--state', `${repository.folder}.state`, '--output', 'json'], {
    maxBuffer: 1 << 28,
  }).catch((error) => error);
  const status = result.code ?? 0;
  try {
    return { ...JSON.parse(result.stdout), status, stderr: result.stderr };
  } catch {
    throw new Wrong(
      `a pass ended with status ${result.signal ?? status} and without a report: ${result.stderr.trim()}`,
    );
  }
}

// What a held pass would lose is meant.
export async function approve(database, repository) {
  const words = ['approve', '--repo', repository.folder, '--database', `${process.env.CONNINFO} dbname=${database}`];
  await run(binary, [...words, '--state', `${repository.folder}.state`]);
}

// Brings back what lies in quarantine, in this order.
export async function restore(database, ids) {
  const result = await run(binary, ['restore', ...ids, '--database', `${process.env.CONNINFO} dbname=${database}`]).catch(
    (error) => error,
  );
  if (result.code) throw new Wrong('what was removed does not come back', [result.stderr.trim()]);
}

const stepsOf = (report) => report.steps.map((step) => `${step.action} ${step.object}: ${step.detail}`);

// Why a pass did not end as it should, in a line.
function cause(report) {
  const error = report.error && `${report.error.where}: ${report.error.what}: ${report.error.why}`;
  return error ?? (report.holds.map((hold) => hold.message).join('; ') || report.notes.join('; '));
}

// Everything a pass says about why it stopped.
export const wordsOf = (report) =>
  [cause(report), report.error?.next, ...report.holds.flatMap((hold) => [hold.message, hold.next])]
    .filter(Boolean)
    .join('\n');

const statusOf = { applied: 0, 'in-sync': 0, pending: 2, held: 3, failed: 1 };

export function mustCome(what, report, outcome) {
  if (report.outcome === outcome && report.status === statusOf[outcome]) return;
  throw new Wrong(`${what}: ${report.outcome} (exit ${report.status}) instead of ${outcome}: ${cause(report)}`, [
    ...report.holds.map((hold) => `hold: ${hold.message}`),
    ...report.notes.map((note) => `note: ${note}`),
    ...stepsOf(report).map((step) => `step: ${step}`),
  ]);
}

export function mustBeEmpty(what, report) {
  if (report.steps.length)
    throw new Wrong(`${what} has ${report.steps.length} steps, first: ${stepsOf(report)[0]}`, stepsOf(report));
  mustCome(what, report, 'in-sync');
}
