// Entities of a snapshot as Directus 11.6.1 writes them: every key, in its order.

export const collectionEntry = (name, meta, hasTable = true) => ({
  collection: name,
  meta: {
    accountability: 'all',
    archive_app_filter: true,
    archive_field: null,
    archive_value: null,
    collapse: 'open',
    collection: name,
    color: null,
    display_template: null,
    group: null,
    hidden: false,
    icon: null,
    item_duplication_fields: null,
    note: null,
    preview_url: null,
    singleton: false,
    sort: null,
    sort_field: null,
    translations: null,
    unarchive_value: null,
    versioning: false,
    ...meta,
  },
  ...(hasTable && { schema: { name } }),
});

export const fieldEntry = (collection, field, type, meta, schema) => ({
  collection,
  field,
  type,
  meta: {
    collection,
    conditions: null,
    display: null,
    display_options: null,
    field,
    group: null,
    hidden: false,
    interface: null,
    note: null,
    options: null,
    readonly: false,
    required: false,
    sort: null,
    special: null,
    translations: null,
    validation: null,
    validation_message: null,
    width: 'full',
    ...meta,
  },
  ...(schema && {
    schema: {
      name: field,
      table: collection,
      data_type: null,
      default_value: null,
      max_length: null,
      numeric_precision: null,
      numeric_scale: null,
      is_nullable: true,
      is_unique: false,
      is_indexed: false,
      is_primary_key: false,
      is_generated: false,
      generation_expression: null,
      has_auto_increment: false,
      foreign_key_table: null,
      foreign_key_column: null,
      ...schema,
    },
  }),
});

export const relationEntry = (collection, field, related, meta, schema) => ({
  collection,
  field,
  related_collection: related,
  meta: {
    junction_field: null,
    many_collection: collection,
    many_field: field,
    one_allowed_collections: null,
    one_collection: related,
    one_collection_field: null,
    one_deselect_action: 'nullify',
    one_field: null,
    sort_field: null,
    ...meta,
  },
  ...(schema && {
    schema: {
      table: collection,
      column: field,
      foreign_key_table: related,
      foreign_key_column: 'id',
      constraint_name: constraintName(collection, field),
      on_update: 'NO ACTION',
      on_delete: 'SET NULL',
      ...schema,
    },
  }),
});

// As Directus makes it, for names that are short.
export const constraintName = (table, column) => `${table}_${column}_foreign`.replace(/[.-]/g, '_').toLowerCase();

const plainName = /^[a-z_][a-z0-9_]*$/;
export function sequenceDefault(table, column) {
  const name = `${table}_${column}_seq`;
  return `nextval('${plainName.test(name) ? name : `"${name}"`}'::regclass)`;
}

// The keys of an object in Directus' order: by the text of "key,value".
export function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const pairs = Object.entries(value).map(([key, inner]) => [key, sorted(inner)]);
  return Object.fromEntries(pairs.sort((a, b) => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0)));
}

const byCollection = (a, b) => (a.collection < b.collection ? -1 : a.collection > b.collection ? 1 : 0);

// The snapshot of these entities. Sorting is stable: within a collection the order is the one they have.
export const snapshotOf = ({ collections, fields, relations }) => ({
  version: 1,
  directus: '11.6.1',
  vendor: 'postgres',
  collections: collections.toSorted(byCollection),
  fields: fields.toSorted(byCollection),
  relations: relations.toSorted(byCollection),
});
