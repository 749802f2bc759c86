// Rows for tables of any shape, so that a pass that loses some can be seen.

import { query, withClient } from './databases.mjs';

const columnsOf = `
  select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, t.typtype as kind,
         a.atttypid::regtype::text as base, a.atttypmod as modifier, a.attnotnull as required,
         coalesce(pg_get_expr(d.adbin, d.adrelid) !~ '^NULL\\M', a.attidentity <> '') as has_default,
         a.attgenerated <> '' as generated,
         (select min(enumlabel) from pg_enum where enumtypid = a.atttypid) as label,
         f.confrelid::regclass::text as target,
         (select attname from pg_attribute where attrelid = f.confrelid and attnum = f.confkey[1]) as target_column
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  left join lateral (
    select * from pg_constraint where conrelid = c.oid and contype = 'f' and conkey = array[a.attnum] limit 1) f on true
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname !~ '^directus_'
    and not exists (select from pg_depend where objid = c.oid and deptype = 'e')
  order by c.relname, a.attnum`;

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
const literal = (text) => `'${text.replaceAll("'", "''")}'`;

const numbers = /^(smallint|integer|bigint|real|double precision|numeric|money)/;
const texts = /^(character varying|text|citext|character|name)/;
const fixed = {
  uuid: (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  boolean: (n) => String(n % 2 === 0),
  date: (n) => `2026-01-0${n}`,
  json: (n) => `{"b": 1, "a": [${n}]}`,
  jsonb: (n) => `{"n": ${n}}`,
  bytea: (n) => `\\x0${n}`,
  inet: (n) => `10.0.0.${n}`,
  interval: (n) => `${n} days`,
  bit: (n) => String(n % 2),
  xml: (n) => `<n>${n}</n>`,
  oid: (n) => String(n),
  tsvector: (n) => `row${n}`,
};
const shapes = {
  Point: 'POINT(1 2)',
  LineString: 'LINESTRING(0 0,1 1)',
  Polygon: 'POLYGON((0 0,1 0,1 1,0 0))',
  MultiPoint: 'MULTIPOINT(0 0,1 1)',
  MultiLineString: 'MULTILINESTRING((0 0,1 1))',
  MultiPolygon: 'MULTIPOLYGON(((0 0,1 0,1 1,0 0)))',
};

// A value of the column's type that differs from row to row; undefined where nothing can be said about the type.
function textOf(column, n) {
  const { type, base, label } = column;
  if (label) return label;
  if (type.endsWith('[]')) return '{}';
  if (type.startsWith('geometry')) return shapes[/\((\w+)/.exec(type)?.[1]] ?? shapes.Point;
  if (numbers.test(base)) return numberOf(type, n);
  if (texts.test(base)) return `r${n} it's "so"`.slice(0, Number(/\((\d+)\)/.exec(type)?.[1] ?? 100));
  if (base.startsWith('timestamp')) return `2026-01-0${n} 10:00:00+00`;
  if (base.startsWith('time')) return `10:00:0${n}`;
  return fixed[base]?.(n);
}

// numeric(2,2) holds nothing above one, numeric(3,-2) only hundreds.
function numberOf(type, n) {
  const [precision, scale] = /\((\d+),(-?\d+)\)/.exec(type)?.slice(1).map(Number) ?? [9, 0];
  return scale < 0 ? `${n}${'0'.repeat(-scale)}` : precision > scale ? String(n) : `0.${'0'.repeat(scale - 1)}${n}`;
}

function valueOf(column, n) {
  if (column.target) {
    const { target, target_column: of } = column;
    return `(select ${quoted(of)} from ${target} order by 1 offset ${n - 1} limit 1)`;
  }
  const text = textOf(column, n);
  return text === undefined ? undefined : literal(text);
}

function insertOf(table, columns, n) {
  const wanted = columns.filter(
    (column) => !column.generated && !column.has_default && valueOf(column, n) !== undefined,
  );
  if (!wanted.length) return `insert into ${quoted(table)} default values`;
  const names = wanted.map(({ name }) => quoted(name));
  return `insert into ${quoted(table)} (${names}) values (${wanted.map((column) => valueOf(column, n))})`;
}

// Two rows for each table, where one can be made. A table whose rows need rows of another waits for those; what remains
// is returned with the reason: cycles of required references, checks, types that have no value here.
export async function fillTables(database) {
  return withClient(database, async (client) => {
    const { rows } = await client.query(columnsOf);
    let left = Object.entries(Object.groupBy(rows, (column) => column.table));
    for (;;) {
      const refused = [];
      for (const [table, columns] of left) {
        try {
          await client.query(`begin; ${insertOf(table, columns, 1)}; ${insertOf(table, columns, 2)}; commit`);
        } catch (error) {
          await client.query('rollback');
          refused.push([table, columns, error.message]);
        }
      }
      if (refused.length === left.length) return refused.map(([table, , why]) => `no rows in ${table}: ${why}`);
      left = refused;
    }
  });
}

// TABLE → its rows, each as a JSON object, in an order of their own.
export async function readTables(database) {
  return withClient(database, async (client) => {
    const { rows } = await client.query(columnsOf);
    const tables = {};
    for (const table of new Set(rows.map((column) => column.table))) {
      const found = await client.query(`select to_jsonb(t) as row from ${quoted(table)} t order by to_jsonb(t)::text`);
      tables[table] = found.rows.map(({ row }) => row);
    }
    return tables;
  });
}

export const countRows = (tables) => Object.values(tables).reduce((sum, rows) => sum + rows.length, 0);
export const namesOfColumns = async (database) =>
  (await query(database, `select q.table || '.' || q.name from (${columnsOf}) q`)).flat();
