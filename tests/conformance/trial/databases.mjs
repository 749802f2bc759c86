// Databases of the suite's server, which libpq's variables describe.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { folderOf } from './judges.mjs';

const run = promisify(execFile);
let Client;

// Directus brings a PostgreSQL client along; any version's will do.
export function useClientOf(version) {
  ({ Client } = createRequire(`${folderOf(version)}/node_modules/@directus/api/package.json`)('pg'));
}

// withClient DATABASE FUNCTION: a connection of its own.
export async function withClient(database, work) {
  const client = new Client({ database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

// Rows as arrays; for several statements, those of the last one.
export async function query(database, text) {
  const result = await withClient(database, (client) => client.query({ text, rowMode: 'array' }));
  return (Array.isArray(result) ? result.at(-1) : result).rows;
}

export const templateOf = (version) => `directus_template_${version}`;

// One copies a template at a time: PostgreSQL wants nobody else in it.
let copying = Promise.resolve();
export function createDatabase(name, template) {
  copying = copying.catch(() => {}).then(() => query('postgres', `create database "${name}" template "${template}"`));
  return copying;
}
export const dropDatabase = (name) => query('postgres', `drop database if exists "${name}" with (force)`);

// withDatabase TEMPLATE FUNCTION: called with the name of a fresh one, which is gone afterwards.
let made = 0;
export async function withDatabase(template, work) {
  const name = `trial_${process.pid}_${++made}`;
  await createDatabase(name, template);
  try {
    return await work(name);
  } finally {
    if (!process.env.KEEP) await dropDatabase(name);
  }
}

// A pg_dump refuses a server that is newer than itself, and the servers from npm bring none along.
let dumps;
async function canDump() {
  const { stdout } = await run('pg_dump', ['--version']).catch(() => ({ stdout: '' }));
  const [[server]] = await query('postgres', "select current_setting('server_version_num')::int / 10000");
  return server <= Number(/ (\d+)/.exec(stdout)?.[1] ?? 0);
}

export async function schemaOf(database) {
  dumps ??= canDump();
  if (!(await dumps)) {
    const rows = await query(database, await readFile(`${import.meta.dirname}/../../support/schema_text.sql`, 'utf8'));
    return rows.flat().filter((line) => !/\breconcile(_quarantine)?\b/.test(line)).join('\n');
  }
  const { stdout } = await run('pg_dump', ['--schema-only', '--dbname', database, '--exclude-schema', 'reconcile*'], {
    maxBuffer: 1 << 28,
  });
  return stdout.replace(/^\\(un)?restrict .*$/gm, '');
}

// What Directus knows, by name: the ids themselves may differ, because the real one takes collections in the order in
// which it creates them, we in that of the file. What counts is their order within a collection.
export async function metadataOf(database) {
  const lists = [
    'select t::text from directus_collections t order by collection',
    `select to_json(t)::jsonb - 'id', options::text, display_options::text, conditions::text, validation::text,
            translations::text
     from directus_fields t order by collection, id`,
    "select to_json(t)::jsonb - 'id' from directus_relations t order by many_collection, id",
  ];
  const rows = [];
  for (const list of lists) rows.push(...(await query(database, list)));
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

// Changes with every statement that touches the catalog of our tables or a row of metadata, even one that writes what
// is there already.
export async function footprintOf(database) {
  const own = "select oid from pg_class where relnamespace = 'public'::regnamespace";
  const lists = [
    'select t.ctid, t.xmin::text, t::text from directus_collections t',
    'select t.ctid, t.xmin::text, t::text from directus_fields t',
    'select t.ctid, t.xmin::text, t::text from directus_relations t',
    `select ctid, xmin::text, relname from pg_class where oid in (${own})`,
    `select ctid, xmin::text, attname from pg_attribute where attrelid in (${own})`,
    `select ctid, xmin::text, adnum::text from pg_attrdef where adrelid in (${own})`,
    `select ctid, xmin::text, conname from pg_constraint where conrelid in (${own})`,
  ];
  const text = lists.map((list) => `(${list})`).join(' union all ');
  return JSON.stringify(await query(database, `select * from (${text}) as t order by 3, 1`));
}
