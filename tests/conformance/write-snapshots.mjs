// Lets the real Directus write snapshots of what models.mjs describes.
//
//   usage: write-snapshots.mjs FOLDER VERSION [NAME…]      → FOLDER/NAME.yaml
//
// The server is the one of directus-env, with a template for that version; `run write` starts one and calls this.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { models } from './models.mjs';
import { templateOf, useClientOf, withDatabase } from './trial/databases.mjs';
import { Judge } from './trial/judges.mjs';

const [folder, version, ...names] = process.argv.slice(2);
useClientOf(version);
mkdirSync(folder, { recursive: true });
const judge = new Judge(version, join(process.env.WORK, 'empty'));
// Without names, what that version is to write.
const ofVersion = Object.keys(models).filter((name) => (models[name].written ?? '11.6.1') === version);
for (const name of names.length ? names : ofVersion) {
  await withDatabase(templateOf(version), async (database) => {
    const built = await judge.ask({ do: 'build', database, model: models[name].model });
    if (!built.ok) {
      console.log(`${name}: ${built.error.split('\n    at ')[0]}`);
      process.exitCode = 1;
      return;
    }
    const { model, written, ...said } = models[name];
    writeFileSync(join(folder, `${name}.yaml`), await judge.snapshot(database));
    if (Object.keys(said).length) writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(said, null, 2)}\n`);
    console.log(`${name}: written`);
  });
}
await judge.end();
