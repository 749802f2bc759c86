// Edits that people make to a Directus schema, one after the other, beginning with TRM's organization half.
//
//   usage: node edits.mjs                       the names, one a line
//          node edits.mjs NAME SCHEMA FOLDER    SCHEMA after the edit → FOLDER/schema.yaml, with FOLDER/message (of its
//                                               commit), FOLDER/allowed (trailers of what it loses) and FOLDER/steps
//
// env DIRECTUS_FOLDER: its own YAML library writes the file, so that a correct edit gives the bytes of a real snapshot.
//
// An edit: `to` changes the parsed snapshot; `steps` are what a pass must plan, sorted; `loses` is what the commit has to
// allow by name, and without which the pass must be held.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { collectionEntry, fieldEntry, relationEntry } from '../random/entities.mjs';

const yaml = createRequire(`${process.env.DIRECTUS_FOLDER}/node_modules/@directus/api/package.json`)('js-yaml');

// ---- how a snapshot is edited

const named = (path) => {
  const [collection, field] = path.split('.');
  return (entry) => entry.collection === collection && entry.field === field;
};
const at = (list, path) => {
  const index = list.findIndex(named(path));
  if (index < 0) throw new Error(`no ${path} in the snapshot`);
  return index;
};
const field = (snapshot, path) => snapshot.fields[at(snapshot.fields, path)];
const collection = (snapshot, name) => snapshot.collections[at(snapshot.collections, name)];
const relation = (snapshot, path) => snapshot.relations[at(snapshot.relations, path)];
const remove = (list, path) => list.splice(at(list, path), 1)[0];
const insertAfter = (list, path, entry) => list.splice(at(list, path) + 1, 0, entry);
const append = (snapshot, ...fields) => {
  snapshot.fields.push(...fields);
  // A stable sort: within a collection the order of the file is the order of the rows.
  snapshot.fields.sort((a, b) => (a.collection < b.collection ? -1 : a.collection > b.collection ? 1 : 0));
};
const appendRelation = (snapshot, entry) => {
  snapshot.relations.push(entry);
  snapshot.relations.sort((a, b) => (a.collection < b.collection ? -1 : a.collection > b.collection ? 1 : 0));
};
const addCollection = (snapshot, entry) => {
  snapshot.collections.push(entry);
  snapshot.collections.sort((a, b) => (a.collection < b.collection ? -1 : 1));
};

// ---- entities as Directus writes them

const newCollection = (name, { table = true, ...meta } = {}) => collectionEntry(name, meta, table);
const newField = (path, type, { meta, schema }) => fieldEntry(...path.split('.'), type, meta, schema);
const text = (path, { meta, ...schema } = {}) =>
  newField(path, 'string', {
    meta: { interface: 'input', ...meta },
    schema: { data_type: 'character varying', max_length: 255, ...schema },
  });
const reference = (path, table, meta) =>
  newField(path, 'uuid', {
    meta: { interface: 'select-dropdown-m2o', special: ['m2o'], ...meta },
    schema: { data_type: 'uuid', foreign_key_table: table, foreign_key_column: 'id' },
  });
const alias = (path, meta) => newField(path, 'alias', { meta });
const counter = (path) =>
  newField(path, 'integer', {
    meta: { interface: 'input', hidden: true, readonly: true },
    schema: {
      data_type: 'integer',
      default_value: `nextval('${path.split('.')[0]}_id_seq'::regclass)`,
      numeric_precision: 32,
      numeric_scale: 0,
      is_nullable: false,
      is_unique: true,
      is_primary_key: true,
      has_auto_increment: true,
    },
  });

const newRelation = (path, related, { on_delete = 'SET NULL', ...meta } = {}) =>
  relationEntry(...path.split('.'), related, meta, related && { on_delete });

// ---- the edits

const edits = {
  'a field inserted in the middle': {
    to: (snapshot) => insertAfter(snapshot.fields, 'vehicles.model', text('vehicles.colour', { meta: { sort: 4 } })),
    steps: ['change order vehicles', 'create field vehicles.colour'],
  },
  'fields in another order': {
    to: (snapshot) => insertAfter(snapshot.fields, 'vehicles.kind', remove(snapshot.fields, 'vehicles.make')),
    steps: ['change order vehicles'],
  },
  'relations in another order': {
    to: (snapshot) => {
      const first = remove(snapshot.relations, 'organization_users.organization_id');
      insertAfter(snapshot.relations, 'organization_users.user_id', first);
    },
    steps: ['change order of relations organization_users'],
  },
  'fields moved into a new group': {
    to: (snapshot) => {
      const options = { start: 'closed', title: 'Details: "more"' };
      const meta = { interface: 'group-detail', special: ['alias', 'no-data', 'group'], options, sort: 8 };
      insertAfter(snapshot.fields, 'vehicles.id', alias('vehicles.details', meta));
      field(snapshot, 'vehicles.year').meta.group = 'details';
      field(snapshot, 'vehicles.notes').meta.group = 'details';
    },
    steps: [
      'change field vehicles.notes',
      'change field vehicles.year',
      'change order vehicles',
      'create field vehicles.details',
    ],
  },
  'a field moved to another group': {
    to: (snapshot) => {
      const meta = { interface: 'group-raw', special: ['alias', 'no-data', 'group'], sort: 9 };
      append(snapshot, alias('vehicles.papers', meta));
      field(snapshot, 'vehicles.notes').meta.group = 'papers';
    },
    steps: ['change field vehicles.notes', 'create field vehicles.papers'],
  },
  'collections moved into a new folder within a folder': {
    to: (snapshot) => {
      // By name the inner one comes first.
      addCollection(snapshot, newCollection('fleet', { table: false, group: 'technical', icon: 'folder' }));
      addCollection(snapshot, newCollection('technical', { table: false, collapse: 'closed', color: '#6644FF' }));
      collection(snapshot, 'vehicles').meta.group = 'fleet';
      collection(snapshot, 'devices').meta.group = 'fleet';
    },
    steps: [
      'change collection devices',
      'change collection vehicles',
      'create collection fleet',
      'create collection technical',
    ],
  },
  'what happens on delete': {
    to: (snapshot) => {
      relation(snapshot, 'organization_devices.device_id').schema.on_delete = 'CASCADE';
      relation(snapshot, 'organization_users.user_id').schema.on_delete = 'NO ACTION';
    },
    // Each is made first, and checked for its rows once that is live.
    steps: [
      'change relation organization_devices.device_id',
      'change relation organization_devices.device_id',
      'change relation organization_users.user_id',
      'change relation organization_users.user_id',
    ],
  },
  'columns: longer, indexed, unique, required, another default': {
    to: (snapshot) => {
      Object.assign(field(snapshot, 'vehicles.make').schema, { max_length: 400, is_indexed: true });
      Object.assign(field(snapshot, 'devices.sim_number').schema, { is_unique: true });
      Object.assign(field(snapshot, 'vehicles.plate').schema, { is_indexed: false });
      Object.assign(field(snapshot, 'organizations.country').schema, { is_nullable: false, default_value: 'AL' });
      Object.assign(field(snapshot, 'devices.protocol').schema, { default_value: null });
    },
    steps: [
      'change field devices.protocol',
      'change field devices.sim_number',
      'change field organizations.country',
      'change field organizations.country', // what is there is checked once that is live
      'change field vehicles.make',
      'change field vehicles.make', // its index
      'change field vehicles.plate',
    ],
  },
  'a field added to those of directus_users, in their middle': {
    to: (snapshot) => {
      const schema = { data_type: 'character varying', max_length: 255, is_indexed: true };
      const added = newField('directus_users.club', 'string', { meta: { interface: 'input' }, schema });
      insertAfter(snapshot.fields, 'directus_users.nationality', added);
    },
    steps: [
      'change field directus_users.club', // its index, once that is live
      'change order directus_users',
      'create field directus_users.club',
    ],
  },
  'columns: wider types': {
    to: (snapshot) => {
      const year = field(snapshot, 'vehicles.year');
      Object.assign(year, { type: 'bigInteger' });
      Object.assign(year.schema, { data_type: 'bigint', numeric_precision: 64 });
      const country = field(snapshot, 'organizations.country');
      Object.assign(country, { type: 'text' });
      Object.assign(country.schema, { data_type: 'text', max_length: null });
    },
    steps: ['change field organizations.country', 'change field vehicles.year'],
  },
  'an alias becomes a column': {
    to: (snapshot) => {
      const papers = field(snapshot, 'vehicles.papers');
      field(snapshot, 'vehicles.notes').meta.group = 'details';
      Object.assign(papers.meta, { interface: 'input', special: null });
      Object.assign(papers, text('vehicles.papers', { meta: papers.meta }));
    },
    steps: ['change field vehicles.notes', 'change field vehicles.papers'],
  },
  'and an alias again': {
    to: (snapshot) => {
      const papers = field(snapshot, 'vehicles.papers');
      delete papers.schema;
      papers.type = 'alias';
      Object.assign(papers.meta, { interface: 'group-raw', special: ['alias', 'no-data', 'group'] });
      field(snapshot, 'vehicles.notes').meta.group = 'papers';
    },
    loses: ['field vehicles.papers'],
    steps: ['change field vehicles.notes', 'remove field vehicles.papers'],
  },
  // A snapshot has the quotes of a default doubled, as they stand in the expression.
  'defaults with quotes, backslashes and more': {
    to: (snapshot) => {
      const json = { '?': '$1', "it''s": ['a \\ b', 'two\nlines', '"', 1.5, null, true] };
      append(
        snapshot,
        text('devices.remark', { default_value: "it''s a \\ and a ? and $1" }),
        newField('devices.settings', 'json', {
          meta: { interface: 'input-code', special: ['cast-json'] },
          schema: { data_type: 'json', default_value: json },
        }),
        newField('devices.token', 'uuid', {
          meta: { interface: 'input', special: ['uuid'] },
          schema: { data_type: 'uuid', default_value: 'gen_random_uuid()' },
        }),
      );
    },
    steps: ['create field devices.remark', 'create field devices.settings', 'create field devices.token'],
  },
  'a collection with a counter, a reference and its list on the other side': {
    to: (snapshot) => {
      addCollection(snapshot, newCollection('inspections', { sort_field: 'rank', group: 'fleet' }));
      append(
        snapshot,
        counter('inspections.id'),
        newField('inspections.rank', 'integer', {
          meta: { interface: 'input', hidden: true },
          schema: { data_type: 'integer', default_value: 0, numeric_precision: 32, numeric_scale: 0 },
        }),
        newField('inspections.passed', 'boolean', {
          meta: { interface: 'boolean', special: ['cast-boolean'] },
          schema: { data_type: 'boolean', default_value: false, is_nullable: false },
        }),
        newField('inspections.marks', 'json', {
          meta: { interface: 'tags', special: ['cast-json'], options: { presets: ['brakes', 'lights'] } },
          schema: { data_type: 'json' },
        }),
        newField('inspections.fee', 'decimal', {
          meta: { interface: 'input' },
          schema: { data_type: 'numeric', default_value: 12.5, numeric_precision: 10, numeric_scale: 5 },
        }),
        newField('inspections.at', 'timestamp', {
          meta: { interface: 'datetime', special: ['date-created'] },
          schema: { data_type: 'timestamp with time zone', default_value: 'CURRENT_TIMESTAMP' },
        }),
        reference('inspections.vehicle', 'vehicles'),
        alias('vehicles.inspections', { interface: 'list-o2m', special: ['o2m'], sort: 10 }),
      );
      appendRelation(
        snapshot,
        newRelation('inspections.vehicle', 'vehicles', { one_field: 'inspections', sort_field: 'rank' }),
      );
    },
    steps: [
      'create collection inspections',
      ...['at', 'fee', 'id', 'marks', 'passed', 'rank', 'vehicle'].map((name) => `create field inspections.${name}`),
      'create field vehicles.inspections',
      'create relation inspections.vehicle',
    ],
  },
  'a relation to any of several collections': {
    to: (snapshot) => {
      append(
        snapshot,
        newField('inspections.item', 'string', {
          meta: { interface: 'input', hidden: true },
          schema: { data_type: 'character varying', max_length: 255 },
        }),
        text('inspections.item_collection', { meta: { hidden: true } }),
      );
      appendRelation(
        snapshot,
        newRelation('inspections.item', null, {
          one_allowed_collections: ['devices', 'vehicles'],
          one_collection_field: 'item_collection',
        }),
      );
    },
    steps: [
      'create field inspections.item',
      'create field inspections.item_collection',
      'create relation inspections.item',
    ],
  },
  'a relation removed, its field stays': {
    to: (snapshot) => {
      remove(snapshot.relations, 'organization_users.user_id');
      Object.assign(field(snapshot, 'organization_users.user_id').schema, {
        foreign_key_table: null,
        foreign_key_column: null,
      });
    },
    loses: ['relation organization_users.user_id'],
    steps: ['remove relation organization_users.user_id'],
  },
  'a field removed': {
    to: (snapshot) => remove(snapshot.fields, 'vehicles.year'),
    loses: ['field vehicles.year'],
    steps: ['remove field vehicles.year'],
  },
  'a group removed, its field stays': {
    to: (snapshot) => {
      remove(snapshot.fields, 'vehicles.papers');
      field(snapshot, 'vehicles.notes').meta.group = null;
    },
    loses: ['field vehicles.papers'],
    steps: ['change field vehicles.notes', 'remove field vehicles.papers'],
  },
  'a folder removed, its collections stay': {
    to: (snapshot) => {
      remove(snapshot.collections, 'fleet');
      for (const name of ['vehicles', 'devices']) collection(snapshot, name).meta.group = null;
      collection(snapshot, 'inspections').meta.group = 'technical';
    },
    loses: ['collection fleet'],
    steps: [
      'change collection devices',
      'change collection inspections',
      'change collection vehicles',
      'remove collection fleet',
    ],
  },
  'a folder removed with the collection in it': {
    to: (snapshot) => {
      for (const name of ['inspections', 'technical']) remove(snapshot.collections, name);
      snapshot.fields = snapshot.fields.filter((entry) => entry.collection !== 'inspections');
      remove(snapshot.fields, 'vehicles.inspections');
      snapshot.relations = snapshot.relations.filter((entry) => entry.collection !== 'inspections');
    },
    loses: ['collection inspections', 'collection technical', 'field vehicles.inspections'],
    steps: [
      'remove collection inspections',
      'remove collection technical',
      'remove field vehicles.inspections',
      'remove relation inspections.item',
      'remove relation inspections.vehicle',
    ],
  },
  // The real one fails here: it drops the constraint twice.
  'a collection removed, and the fields that refer to it': {
    to: (snapshot) => {
      remove(snapshot.collections, 'vehicles');
      snapshot.fields = snapshot.fields.filter((entry) => entry.collection !== 'vehicles');
      remove(snapshot.fields, 'organization_vehicles.vehicle_id');
      remove(snapshot.relations, 'organization_vehicles.vehicle_id');
    },
    loses: ['collection vehicles', 'field organization_vehicles.vehicle_id'],
    steps: [
      'remove collection vehicles',
      'remove field organization_vehicles.vehicle_id',
      'remove relation organization_vehicles.vehicle_id',
    ],
  },
};

// ---- the command

const [name, schema, folder] = process.argv.slice(2);
if (name === undefined) {
  console.log(Object.keys(edits).join('\n'));
} else {
  const { to, steps, loses = [] } = edits[name];
  const snapshot = yaml.load(readFileSync(schema, 'utf8'));
  to(snapshot);
  writeFileSync(`${folder}/schema.yaml`, yaml.dump(snapshot));
  writeFileSync(`${folder}/message`, `${name}\n`);
  writeFileSync(`${folder}/allowed`, loses.map((object) => `Allow-Destructive: ${object}\n`).join(''));
  writeFileSync(`${folder}/steps`, [...steps].sort().map((step) => `${step}\n`).join(''));
}
