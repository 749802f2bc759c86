// A model is the three lists of a snapshot, while random choices make and change it.

import { collectionEntry, fieldEntry, relationEntry, sequenceDefault } from './entities.mjs';
import { collectionMeta, columnSchema, columns, fieldMeta, icons, likeness, newName } from './values.mjs';

// `taken`: names of collections, `removed`: fields that were there; neither is used again.
export const newModel = () => ({ collections: [], fields: [], relations: [], taken: new Set(), removed: new Set() });

const keys = {
  uuid: () => ({ type: 'uuid', special: ['uuid'], schema: { data_type: 'uuid' } }),
  serial: (table) => ({
    type: 'integer',
    special: null,
    schema: {
      data_type: 'integer',
      numeric_precision: 32,
      numeric_scale: 0,
      default_value: sequenceDefault(table, 'id'),
      has_auto_increment: true,
    },
  }),
  bigserial: (table) => ({
    type: 'bigInteger',
    special: null,
    schema: {
      data_type: 'bigint',
      numeric_precision: 64,
      numeric_scale: 0,
      default_value: sequenceDefault(table, 'id'),
      has_auto_increment: true,
    },
  }),
  string: () => ({ type: 'string', special: null, schema: { data_type: 'character varying', max_length: 60 } }),
};

function keyField(random, table) {
  const { type, special, schema } =
    keys[random.pick(['uuid', 'uuid', 'serial', 'serial', 'bigserial', 'string'])](table);
  return fieldEntry(
    table,
    'id',
    type,
    { hidden: true, interface: 'input', readonly: true, special },
    {
      ...schema,
      is_nullable: false,
      is_unique: true,
      is_primary_key: true,
    },
  );
}

export function plainField(random, table, name, filled) {
  const kind = random.pick(Object.keys(columns));
  const { type, special = null } = columns[kind];
  return fieldEntry(table, name, type, { ...fieldMeta(random), special }, columnSchema(random, kind, filled));
}

function aliasField(random, table, name) {
  const [face, special] = random.pick([
    ['presentation-divider', ['alias', 'no-data']],
    ['presentation-notice', ['alias', 'no-data']],
    ['group-detail', ['alias', 'no-data', 'group']],
    ['group-accordion', ['alias', 'no-data', 'group']],
  ]);
  return fieldEntry(table, name, 'alias', { ...fieldMeta(random), interface: face, special });
}

const isGroup = (field) => field.meta.special?.includes('group');

// Some fields go into groups of their collection, and some groups into earlier ones.
function groupFields(random, fields) {
  const groups = fields.filter(isGroup);
  for (const field of fields) {
    const fitting = isGroup(field) ? groups.slice(0, groups.indexOf(field)) : groups;
    if (fitting.length && random.chance(0.4)) field.meta.group = random.pick(fitting).field;
  }
}

export function addTable(random, model, name = newName(random, model.taken), filled = false) {
  const taken = new Set(['id', 'sort', 'status']);
  const others = random.times(0, 8, () =>
    (random.chance(0.15) ? aliasField : plainField)(random, name, newName(random, taken), filled),
  );
  groupFields(random, others);
  const key = keyField(random, name);
  model.collections.push(collectionEntry(name, collectionMeta(random)));
  model.fields.push(...(random.chance(0.8) ? [key, ...others] : random.shuffle([key, ...others])));
  return name;
}

export function addFolder(random, model) {
  const name = newName(random, model.taken);
  model.collections.push(
    collectionEntry(name, { icon: random.pick(icons), ...collectionMeta(random), singleton: false }, false),
  );
  return name;
}

// Every collection but the first may be inside an earlier one; the names decide nothing about who is earlier.
export function groupCollections(random, collections) {
  for (const [at, entry] of collections.entries()) {
    if (at > 0 && random.chance(0.4)) entry.meta.group = collections[random.below(at)].collection;
  }
}

const keyOf = (model, table) =>
  model.fields.find((field) => field.collection === table && field.schema?.is_primary_key);
const systemKey = { schema: { data_type: 'uuid' }, type: 'uuid' };
export const tablesOf = (model) => model.collections.filter((entry) => entry.schema).map((entry) => entry.collection);

// A name that no field of that collection has or had.
export function freeField(random, model, table) {
  const had = [...model.removed]
    .filter((path) => path.startsWith(`${table}.`))
    .map((path) => path.slice(table.length + 1));
  const has = model.fields.filter((field) => field.collection === table).map(({ field }) => field);
  return newName(random, new Set([...had, ...has].map(likeness)));
}

// A column of `table` that refers to `target`, with its relation, and sometimes a list on the other side.
export function addReference(random, model, table, target, { filled = false, meta = {}, sort = null } = {}) {
  const name = freeField(random, model, table);
  const { type, schema } = target.startsWith('directus_') ? systemKey : keyOf(model, target);
  const { data_type, max_length = null, numeric_precision = null, numeric_scale = null } = schema;
  const on_delete = random.pick(['SET NULL', 'SET NULL', 'CASCADE', 'NO ACTION', 'RESTRICT']);
  const is_nullable = filled || on_delete === 'SET NULL' || random.chance(0.7);
  model.fields.push(
    fieldEntry(
      table,
      name,
      type,
      { ...fieldMeta(random), interface: 'select-dropdown-m2o', special: ['m2o'] },
      {
        data_type,
        max_length,
        numeric_precision,
        numeric_scale,
        is_nullable,
        is_unique: random.chance(0.05),
        is_indexed: random.chance(0.1),
        foreign_key_table: target,
        foreign_key_column: 'id',
      },
    ),
  );
  const one_field = target.startsWith('directus_')
    ? null
    : random.maybe(0.5, () => addList(random, model, target, random.pick(['o2m', 'm2m', 'files'])));
  model.relations.push(
    relationEntry(
      table,
      name,
      target,
      { one_field, one_deselect_action: random.pick(['nullify', 'delete']), sort_field: sort, ...meta },
      { on_delete },
    ),
  );
  return name;
}

function addList(random, model, table, special) {
  const name = freeField(random, model, table);
  model.fields.push(
    fieldEntry(table, name, 'alias', { ...fieldMeta(random), interface: `list-${special}`, special: [special] }),
  );
  return name;
}

export function addJunction(random, model) {
  const junction = addTable(random, model);
  const tables = tablesOf(model);
  const first = addReference(random, model, junction, random.pick(tables));
  const second = addReference(random, model, junction, random.pick([...tables, 'directus_files']), {
    meta: { junction_field: first },
  });
  model.relations.find((relation) => relation.collection === junction && relation.field === first).meta.junction_field =
    second;
}

export function addManyToAny(random, model) {
  const junction = addTable(random, model);
  const tables = tablesOf(model);
  const [item, collection] = ['item_of_any', 'collection_of_any'];
  for (const name of [item, collection]) {
    model.fields.push(
      fieldEntry(
        junction,
        name,
        'string',
        { hidden: true, interface: null },
        { data_type: 'character varying', max_length: 255 },
      ),
    );
  }
  model.relations.push(
    relationEntry(junction, item, null, {
      one_allowed_collections: random.shuffle(tables).slice(0, random.between(0, 3)),
      one_collection_field: collection,
      junction_field: addReference(random, model, junction, random.pick(tables)),
    }),
  );
}

// Fields of ours in Directus' own collections.
export function addSystemFields(random, model) {
  for (const table of random
    .shuffle(['directus_users', 'directus_files', 'directus_roles'])
    .slice(0, random.between(1, 2))) {
    // "our_" keeps clear of what Directus has, in any version.
    for (const name of random.times(1, 3, (at) => `our_${at}`))
      model.fields.push(plainField(random, table, name, true));
  }
}
