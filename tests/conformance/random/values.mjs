// Random names, texts, options and columns.

import { sorted } from './entities.mjs';

const nouns = [
  'bird',
  'boat',
  'city',
  'door',
  'event',
  'farm',
  'guest',
  'house',
  'idea',
  'job',
  'key',
  'lake',
  'map',
  'note',
  'order',
  'page',
  'race',
  'shop',
  'team',
  'user',
  'view',
  'zone',
];
const shapes = [
  (noun) => noun,
  (noun) => `${noun}s`,
  (noun, n) => `${noun}_${n}`,
  (noun) => `my_${noun}_list`,
  (noun) => noun[0].toUpperCase() + noun.slice(1),
  (noun, n) => `${noun}-${n}`,
  (noun) => `ž${noun}`,
  (noun) => `${noun}OfIt`,
  (noun, n) => `${n}_${noun}`,
];

// What is left of a name in the names that Directus generates from it.
export const likeness = (name) => name.toLowerCase().replace(/[.-]/g, '_');

// A name that is not taken yet, where likenesses are. Most are plain.
export function newName(random, taken) {
  for (;;) {
    const shape = random.chance(0.8) ? shapes[random.below(4)] : random.pick(shapes);
    const name = shape(random.pick(nouns), random.between(1, 99));
    if (taken.has(likeness(name))) continue;
    taken.add(likeness(name));
    return name;
  }
}

const words = [
  'red',
  'of the',
  'Žluťoučký kůň',
  "it's",
  '"quoted"',
  'a: b',
  '# no',
  'yes',
  '007',
  '- dash',
  '{{name}}',
  'line\nbreak',
  'tab\there',
  ' spaced ',
  '100 %',
  'what?',
  'null',
  '🐎',
  'C:\\path',
  '<b>',
  '&amp;',
  '1:30',
];
export const text = (random) => random.times(1, random.chance(0.1) ? 40 : 3, () => random.pick(words)).join(' ');

const scalars = [
  (random) => text(random),
  (random) => random.between(-9, 99999),
  () => true,
  () => false,
  () => null,
  () => 0.5,
  () => -1.25,
  () => [],
  () => ({}),
];
export function json(random, depth = 2) {
  const inner = () => (depth > 0 && random.chance(0.4) ? json(random, depth - 1) : random.pick(scalars)(random));
  if (random.chance(0.3)) return random.times(0, 3, inner);
  const keys = ['a', 'b', 'B', 'a b', 'a_b', 'choices', 'text', 'value', 'icon', '10', '9', 'placeholder', 'ñ'];
  return Object.fromEntries(random.times(0, 4, () => [random.pick(keys), inner()]));
}
const object = (random) => {
  const made = json(random);
  return Array.isArray(made) ? { list: made } : made;
};

const translations = (random) => [{ language: random.pick(['cs-CZ', 'en-US']), translation: text(random) }];
export const icons = ['folder', 'pets', 'flag', 'schedule'];

// What people set for a field, beside what its kind demands.
export const fieldMeta = (random) =>
  sorted({
    ...random.maybe(0.3, () => ({ note: text(random) })),
    ...random.maybe(0.3, () => ({ options: object(random) })),
    ...random.maybe(0.2, () => ({
      display: random.pick(['labels', 'raw', 'formatted-value']),
      display_options: random.maybe(0.7, () => object(random)),
    })),
    ...random.maybe(0.1, () => ({
      conditions: [{ name: text(random), rule: { _and: [object(random)] }, hidden: random.chance(0.5) }],
    })),
    ...random.maybe(0.1, () => ({
      validation: { _and: [object(random)] },
      validation_message: random.maybe(0.5, () => text(random)),
    })),
    ...random.maybe(0.1, () => ({ translations: translations(random) })),
    ...random.maybe(0.4, () => ({ width: random.pick(['half', 'half-left', 'half-right', 'fill']) })),
    ...random.maybe(0.4, () => ({ sort: random.between(1, 30) })),
    ...random.maybe(0.1, () => ({ hidden: true })),
    ...random.maybe(0.1, () => ({ readonly: true })),
    ...random.maybe(0.1, () => ({ required: true })),
    interface: random.pick(['input', 'input-multiline', 'select-dropdown', null]),
  });

export const collectionMeta = (random) =>
  sorted({
    ...random.maybe(0.4, () => ({ note: text(random) })),
    ...random.maybe(0.4, () => ({ icon: random.pick(icons) })),
    ...random.maybe(0.3, () => ({ sort: random.between(1, 30) })),
    ...random.maybe(0.2, () => ({ color: '#6644FF' })),
    ...random.maybe(0.2, () => ({ hidden: true })),
    ...random.maybe(0.2, () => ({ collapse: random.pick(['closed', 'locked']) })),
    ...random.maybe(0.2, () => ({ accountability: random.pick([null, 'activity']) })),
    ...random.maybe(0.2, () => ({ translations: translations(random) })),
    ...random.maybe(0.1, () => ({ singleton: true })),
    ...random.maybe(0.1, () => ({ versioning: true })),
    ...random.maybe(0.1, () => ({
      display_template: `{{id}} ${random.pick(words)}`,
      preview_url: 'https://example.com/{{id}}',
    })),
    ...random.maybe(0.1, () => ({
      archive_field: 'status',
      archive_value: 'archived',
      unarchive_value: 'draft',
      archive_app_filter: false,
    })),
    ...random.maybe(0.1, () => ({ item_duplication_fields: ['id', 'name'] })),
  });

// ---- columns

// As Directus reads them back: with '' for each quote.
const textDefaults = [
  'draft',
  '',
  ' ',
  'a b',
  "it''s",
  '"so"',
  'C:\\path',
  'why?',
  'null',
  'true',
  '12',
  'now',
  'žluť',
  '{{x}}',
  '$1',
  'x'.repeat(60),
  'a;b',
  '--',
];
const shortText = (random) => random.pick(textDefaults.filter((one) => one.length < 10));

// KIND → its type and schema; `default` gives one that can be read back.
export const columns = {
  string: { type: 'string', schema: { data_type: 'character varying', max_length: 255 }, default: shortText },
  shortString: { type: 'string', schema: { data_type: 'character varying', max_length: 40 }, default: shortText },
  text: { type: 'text', schema: { data_type: 'text' }, default: (random) => random.pick(textDefaults) },
  integer: {
    type: 'integer',
    schema: { data_type: 'integer', numeric_precision: 32, numeric_scale: 0 },
    default: (random) => random.between(-1000, 1000),
  },
  smallint: {
    type: 'integer',
    schema: { data_type: 'smallint', numeric_precision: 16, numeric_scale: 0 },
    default: (random) => random.between(-9, 9),
  },
  bigInteger: {
    type: 'bigInteger',
    schema: { data_type: 'bigint', numeric_precision: 64, numeric_scale: 0 },
    default: (random) => random.below(2 ** 40),
  },
  float: {
    type: 'float',
    schema: { data_type: 'real', numeric_precision: 24 },
    default: (random) => random.pick([0, 0.5, -2, 10]),
  },
  double: {
    type: 'float',
    schema: { data_type: 'double precision', numeric_precision: 53 },
    default: (random) => random.pick([0.1, 1e21, -3]),
  },
  decimal: {
    type: 'decimal',
    schema: { data_type: 'numeric', numeric_precision: 10, numeric_scale: 5 },
    default: (random) => random.pick([0, 9.95, -1.5]),
  },
  price: {
    type: 'decimal',
    schema: { data_type: 'numeric', numeric_precision: 12, numeric_scale: 2 },
    default: (random) => random.between(0, 99),
  },
  boolean: {
    type: 'boolean',
    special: ['cast-boolean'],
    schema: { data_type: 'boolean' },
    default: (random) => random.chance(0.5),
  },
  date: {
    type: 'date',
    schema: { data_type: 'date' },
    default: (random) => random.pick(['2026-01-31', 'CURRENT_DATE']),
  },
  time: { type: 'time', schema: { data_type: 'time without time zone' }, default: () => '10:20:30' },
  dateTime: {
    type: 'dateTime',
    schema: { data_type: 'timestamp without time zone' },
    default: () => 'CURRENT_TIMESTAMP',
  },
  timestamp: {
    type: 'timestamp',
    schema: { data_type: 'timestamp with time zone' },
    default: (random) => random.pick(['now()', 'CURRENT_TIMESTAMP']),
  },
  json: {
    type: 'json',
    special: ['cast-json'],
    schema: { data_type: 'json' },
    default: (random) => object(random),
    bare: true,
  },
  jsonb: { type: 'json', special: ['cast-json'], schema: { data_type: 'jsonb' }, bare: true },
  csv: { type: 'csv', special: ['cast-csv'], schema: { data_type: 'text' }, default: shortText },
  uuid: { type: 'uuid', schema: { data_type: 'uuid' }, default: () => 'gen_random_uuid()' },
  hash: { type: 'hash', special: ['hash', 'conceal'], schema: { data_type: 'character varying', max_length: 255 } },
  char: { type: 'string', schema: { data_type: 'character', max_length: 8 } },
};

// A JSON default must not hold what Directus cuts or doubles.
const safeJson = (value) => !/::|'|\\/.test(JSON.stringify(value));

// The schema of a new column of that kind. `filled`: the table has rows already, so they need a value they may share.
export function columnSchema(random, kind, filled = false) {
  const { schema, default: makeDefault, bare } = columns[kind];
  const wanted = makeDefault && random.chance(0.4) ? makeDefault(random) : null;
  const default_value = kind === 'json' && !safeJson(wanted) ? { a: 1 } : wanted;
  const free = default_value === null;
  return {
    ...schema,
    default_value: default_value !== null && typeof default_value === 'object' ? sorted(default_value) : default_value,
    is_nullable: filled ? free || random.chance(0.5) : random.chance(0.7),
    is_unique: !bare && free && random.chance(0.1),
    is_indexed: !bare && random.chance(0.1),
  };
}
