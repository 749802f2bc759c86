// One process of judge.mjs for each Directus version, started when it is asked for the first time.

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const script = new URL('../judge.mjs', import.meta.url).pathname;
const cache = join(process.env.XDG_CACHE_HOME ?? join(process.env.HOME, '.cache'), 'reconcile');

export const folderOf = (version) =>
  version === process.env.DIRECTUS_VERSION ? process.env.DIRECTUS_FOLDER : join(cache, `directus-${version}`);
export const nodeOf = (version) => {
  const modules = join(folderOf(version), 'node_modules');
  return join(
    modules,
    readdirSync(modules).find((name) => name.startsWith('node-linux-')),
    'bin/node',
  );
};

export class Judge {
  #process;
  #waiting = new Map();
  #last = 0;

  constructor(version, emptyFolder) {
    this.version = version;
    // A .env file where Directus starts would win over the environment.
    this.#process = spawn(nodeOf(version), [script], {
      cwd: emptyFolder,
      env: { ...process.env, DIRECTUS_FOLDER: folderOf(version) },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#take(JSON.parse(line)));
    this.#process.on('close', (status) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`the judge ${version} ended with status ${status}`));
    });
  }

  #take(answer) {
    const { resolve } = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    resolve(answer);
  }

  // The answer as it is, also when it is a refusal.
  ask(request) {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }

  async must(request) {
    const answer = await this.ask(request);
    if (!answer.ok)
      throw new Error(`Directus ${this.version} could not ${request.do} ${request.database ?? ''}: ${answer.error}`);
    return answer;
  }

  snapshot = async (database) => (await this.must({ do: 'snapshot', database })).text;
  diff = (database, file) => this.must({ do: 'diff', database, file });
  apply = (database, file) => this.ask({ do: 'apply', database, file });
  build = (database, model) => this.must({ do: 'build', database, model });
  dump = async (value) => (await this.must({ do: 'dump', value })).text;
  load = async (file) => (await this.must({ do: 'load', file })).value;

  end() {
    const ended = new Promise((resolve) => this.#process.on('close', resolve));
    this.#process.stdin.end();
    return ended;
  }
}
