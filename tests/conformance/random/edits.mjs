// Random edits of a model, as people make them. Each changes the model and says what it loses, in the words of the
// commit message that has to allow it; a rename, what was called how.

import { addFolder, addReference, addTable, freeField, plainField, tablesOf } from './model.mjs';
import { constraintName } from './entities.mjs';
import { collectionMeta, columns, fieldMeta, newName, text } from './values.mjs';

const isOf = (table, name) => (entry) => entry.collection === table && entry.field === name;
const columnFields = (model) => model.fields.filter((field) => field.schema && !field.schema.is_primary_key);
const plainColumns = (model) => columnFields(model).filter((field) => !field.schema.foreign_key_table);

// ---- removals

// A field, its relation, and the list on the other side of that relation.
function removeField(model, field, losses) {
  const { collection, field: name } = field;
  model.fields = model.fields.filter((one) => one !== field);
  for (const other of model.fields)
    if (other.collection === collection && other.meta.group === name) other.meta.group = null;
  model.removed.add(`${collection}.${name}`);
  losses.push(`field ${collection}.${name}`);
  const relation = model.relations.find(isOf(collection, name));
  if (relation) removeRelation(model, relation, losses);
  // A list is gone: its relation stays, and no longer names it.
  for (const other of model.relations) {
    if (other.related_collection === collection && other.meta.one_field === name) other.meta.one_field = null;
    if (other.collection === collection && other.meta.junction_field === name) other.meta.junction_field = null;
  }
}

function removeRelation(model, relation, losses) {
  model.relations = model.relations.filter((one) => one !== relation);
  losses.push(`relation ${relation.collection}.${relation.field}`);
  for (const other of model.relations) {
    if (other.collection === relation.collection && other.meta.junction_field === relation.field)
      other.meta.junction_field = null;
  }
  const list = relation.meta.one_field && model.fields.find(isOf(relation.related_collection, relation.meta.one_field));
  if (list) removeField(model, list, losses);
}

function removeCollection(model, entry, losses) {
  const name = entry.collection;
  for (const relation of model.relations.filter((one) => one.related_collection === name && one.collection !== name)) {
    removeField(model, model.fields.find(isOf(relation.collection, relation.field)), losses);
  }
  for (const field of model.fields.filter((one) => one.collection === name)) removeField(model, field, losses);
  for (const relation of model.relations.filter((one) => one.collection === name))
    removeRelation(model, relation, losses);
  for (const other of model.relations) {
    const allowed = other.meta.one_allowed_collections;
    if (allowed) other.meta.one_allowed_collections = allowed.filter((one) => one !== name);
  }
  for (const other of model.collections) if (other.meta.group === name) other.meta.group = null;
  model.collections = model.collections.filter((one) => one !== entry);
  losses.push(`collection ${name}`);
}

// ---- what an edit may be

// Inside the group of another, and never inside itself.
function isInside(model, entry, group) {
  for (let at = group; at; at = model.collections.find((one) => one.collection === at)?.meta.group)
    if (at === entry.collection) return true;
  return false;
}

const wider = {
  'character varying': (schema) => ({ ...schema, max_length: schema.max_length + 20 }),
  integer: (schema) => ({ ...schema, data_type: 'bigint', numeric_precision: 64 }),
  smallint: (schema) => ({ ...schema, data_type: 'integer', numeric_precision: 32 }),
  real: (schema) => ({ ...schema, data_type: 'double precision', numeric_precision: 53 }),
  numeric: (schema) => ({ ...schema, numeric_precision: schema.numeric_precision + 4 }),
};

// Whether the rows that are there differ in it: those with a default do not.
const mayBeUnique =
  (model) =>
  ({ collection, field, schema }) =>
    !model.hadDefault.has(`${collection}.${field}`) &&
    schema.default_value === null &&
    !['json', 'jsonb', 'boolean'].includes(schema.data_type) &&
    !schema.foreign_key_table;

const edits = {
  // Where an earlier edit has left a table.
  addField: (random, model) =>
    withOne(random, tablesOf(model), (table) => {
      const field = plainField(random, table, freeField(random, model, table), true);
      model.fields.splice(random.below(model.fields.length + 1), 0, field);
    }),
  addTable: (random, model) => addTable(random, model),
  addFolder: (random, model) => addFolder(random, model),
  addReference: (random, model) =>
    withOne(random, tablesOf(model), (table) =>
      addReference(random, model, table, random.pick([...tablesOf(model), 'directus_users']), { filled: true }),
    ),
  removeField: (random, model, losses) =>
    withOne(random, columnFields(model).concat(model.fields.filter((field) => field.type === 'alias')), (field) =>
      removeField(model, field, losses),
    ),
  removeRelation: (random, model, losses) =>
    withOne(
      random,
      model.relations.filter((one) => one.schema),
      (relation) => {
        const { schema } = model.fields.find(isOf(relation.collection, relation.field));
        Object.assign(schema, { foreign_key_table: null, foreign_key_column: null });
        removeRelation(model, relation, losses);
      },
    ),
  removeCollection: (random, model, losses) =>
    withOne(random, model.collections, (entry) => removeCollection(model, entry, losses)),
  changeFieldMeta: (random, model) =>
    withOne(random, model.fields, (field) =>
      Object.assign(field.meta, fieldMeta(random), { interface: field.meta.interface }),
    ),
  changeNote: (random, model) =>
    withOne(random, model.fields, (field) => Object.assign(field.meta, { note: text(random) })),
  changeCollectionMeta: (random, model) =>
    withOne(random, model.collections, (entry) =>
      Object.assign(entry.meta, collectionMeta(random), !entry.schema && { singleton: false }),
    ),
  moveCollection: (random, model) =>
    withOne(random, model.collections, (entry) => {
      const fitting = model.collections.map((one) => one.collection).filter((group) => !isInside(model, entry, group));
      entry.meta.group = random.pick([null, ...fitting]);
    }),
  reorder: (random, model) => {
    model.fields = random.shuffle(model.fields);
  },
  reorderRelations: (random, model) => {
    model.relations = random.shuffle(model.relations);
  },
  widen: (random, model) =>
    withOne(
      random,
      plainColumns(model).filter(({ schema, type }) => wider[schema.data_type] && type !== 'hash'),
      widen,
    ),
  toText: (random, model) =>
    withOne(
      random,
      plainColumns(model).filter(({ schema, type }) => schema.data_type === 'character varying' && type === 'string'),
      (field) => {
        field.type = 'text';
        Object.assign(field.schema, { data_type: 'text', max_length: null });
      },
    ),
  changeDefault: (random, model) =>
    withOne(
      random,
      plainColumns(model).filter(({ schema, type }) => !schema.is_unique && kindOf(type)?.default),
      (field) => {
        const value = kindOf(field.type).default(random);
        field.schema.default_value = typeof value === 'object' || random.chance(0.3) ? null : value;
        // Directus' own tables have rows from the beginning: there a column that is required needs a default.
        if (field.collection.startsWith('directus_') && field.schema.default_value === null)
          field.schema.is_nullable = true;
      },
    ),
  allowNull: (random, model) =>
    withOne(random, plainColumns(model), ({ schema }) => Object.assign(schema, { is_nullable: true })),
  addIndex: (random, model) =>
    withOne(
      random,
      columnFields(model).filter(({ schema }) => !/json/.test(schema.data_type)),
      ({ schema }) => Object.assign(schema, { is_indexed: !schema.is_indexed }),
    ),
  changeUnique: (random, model) =>
    withOne(random, plainColumns(model).filter(mayBeUnique(model)), ({ schema }) =>
      Object.assign(schema, { is_unique: !schema.is_unique }),
    ),
  changeRule: (random, model) =>
    withOne(
      random,
      model.relations.filter((one) => one.schema),
      (relation) => {
        const { schema } = model.fields.find(isOf(relation.collection, relation.field));
        relation.schema.on_delete = random.pick(
          schema.is_nullable ? ['CASCADE', 'NO ACTION', 'SET NULL', 'RESTRICT'] : ['CASCADE', 'NO ACTION'],
        );
      },
    ),
  changeRelationMeta: (random, model) =>
    withOne(random, model.relations, ({ meta }) =>
      Object.assign(meta, {
        one_deselect_action: random.pick(['nullify', 'delete']),
        sort_field: random.maybe(0.5, () => 'sort'),
      }),
    ),
};

const withOne = (random, list, work) => list.length && work(random.pick(list));
const kindOf = (type) => columns[type];
function widen(field) {
  field.schema = wider[field.schema.data_type](field.schema);
  if (field.schema.data_type === 'bigint') field.type = 'bigInteger';
}

// ---- renames

const renamed = (from, to, ...spots) => {
  for (const [object, key] of spots) if (object && object[key] === from) object[key] = to;
};

// The constraint of a relation may keep its name, or get the one that Directus would give it now.
const renameConstraint = (random, { collection, field, schema }) =>
  schema && random.chance(0.5) && Object.assign(schema, { constraint_name: constraintName(collection, field) });

function renameField(random, model, field) {
  const { collection, field: from } = field;
  const to = freeField(random, model, collection);
  renamed(from, to, [field, 'field'], [field.meta, 'field'], [field.schema, 'name']);
  for (const relation of model.relations.filter((one) => one.collection === collection)) {
    renamed(
      from,
      to,
      [relation, 'field'],
      [relation.meta, 'many_field'],
      [relation.meta, 'junction_field'],
      [relation.schema, 'column'],
    );
    if (relation.field === to) renameConstraint(random, relation);
  }
  return { kind: 'field', from: `${collection}.${from}`, to: `${collection}.${to}` };
}

function renameCollection(random, model, { collection: from }) {
  const to = newName(random, model.taken);
  for (const entry of model.collections) {
    renamed(from, to, [entry, 'collection'], [entry.meta, 'collection'], [entry.meta, 'group'], [entry.schema, 'name']);
  }
  for (const field of model.fields) {
    renamed(
      from,
      to,
      [field, 'collection'],
      [field.meta, 'collection'],
      [field.schema, 'table'],
      [field.schema, 'foreign_key_table'],
    );
  }
  for (const relation of model.relations) {
    const { meta, schema } = relation;
    renamed(
      from,
      to,
      [relation, 'collection'],
      [relation, 'related_collection'],
      [meta, 'many_collection'],
      [meta, 'one_collection'],
    );
    renamed(from, to, [schema, 'table'], [schema, 'foreign_key_table']);
    meta.one_allowed_collections = meta.one_allowed_collections?.map((name) => (name === from ? to : name)) ?? null;
    if (relation.collection === to) renameConstraint(random, relation);
  }
  return { kind: 'collection', from, to };
}

// After all other edits, so that an old name means one thing. Only one: a field renamed inside a renamed collection is
// two lines that depend on each other, and has a test of its own.
function renameSomething(random, model, before) {
  const fields = plainColumns(model)
    .concat(columnFields(model).filter(({ schema }) => schema.foreign_key_table))
    .filter((field) => before.has(nameOf('field')(field)));
  const tables = model.collections.filter((entry) => entry.schema && before.has(`collection ${entry.collection}`));
  if (random.chance(0.25)) return fields.length ? [renameField(random, model, random.pick(fields))] : [];
  return random.chance(0.15) && tables.length ? [renameCollection(random, model, random.pick(tables))] : [];
}

// Some edits, one after the other. What is added and removed again is no loss.
export function editRandomly(random, model) {
  const before = new Set([
    ...model.collections.map((one) => `collection ${one.collection}`),
    ...model.fields.map(nameOf('field')),
    ...model.relations.map(nameOf('relation')),
  ]);
  model.hadDefault = new Set(
    model.fields
      .filter(({ schema }) => schema && schema.default_value !== null)
      .map(({ collection, field }) => `${collection}.${field}`),
  );
  const losses = [];
  random.times(1, 6, () => edits[random.pick(Object.keys(edits))](random, model, losses));
  if (!tablesOf(model).length) addTable(random, model);
  const renames = renameSomething(random, model, before);
  return { desired: model, losses: [...new Set(losses)].filter((loss) => before.has(loss)), renames };
}
const nameOf = (kind) => (entry) => `${kind} ${entry.collection}.${entry.field}`;
