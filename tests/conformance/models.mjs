// What the fixed snapshots are about, as models for judge.mjs: NAME → { why, model, … }; everything but the model goes
// into the case's NAME.json. `written` is the version that writes it, by default 11.6.1; `write-snapshots.mjs` does it.

const meta = (more = {}) => ({ interface: 'input', ...more });

// field NAME TYPE SCHEMA META, as the REST API takes it.
export const field = (name, type, schema = {}, more = {}) => ({ field: name, type, schema, meta: meta(more) });
const serial = (name = 'id') =>
  field(name, 'integer', { is_primary_key: true, has_auto_increment: true }, { hidden: true, readonly: true });
const uuidKey = (name = 'id') =>
  field(name, 'uuid', { is_primary_key: true }, { special: ['uuid'], hidden: true, readonly: true });
const alias = (name, special, more = {}) => ({
  field: name,
  type: 'alias',
  schema: null,
  meta: { interface: null, special, ...more },
});
const required = { is_nullable: false };

export const table = (collection, fields, more = {}) => ({ collection: { collection, meta: more, fields } });
const folder = (collection, more = {}) => ({ collection: { collection, meta: more, schema: null } });
const on = (collection, ...fields) => fields.map((one) => ({ of: collection, field: one }));
const relation = (path, related_collection, more = {}, on_delete = 'SET NULL') => {
  const [collection, name] = path.split('.');
  return {
    relation: {
      collection,
      field: name,
      related_collection,
      meta: more,
      schema: related_collection === null ? null : { on_delete },
    },
  };
};
const m2o = (name, type = 'uuid', schema = {}) =>
  field(name, type, schema, { interface: 'select-dropdown-m2o', special: ['m2o'] });
const o2m = (name, more) => alias(name, ['o2m'], { interface: 'list-o2m', ...more });
const sql = (text) => ({ sql: text });
const track = (collection, fields, more) => ({ track: collection, fields, meta: more });

// madeBySql NAME DEFINITION: a tracked table that Directus itself could not have made.
const madeBySql = (collection, columns, fields) => [
  sql(`create table "${collection}" (${columns})`),
  track(collection, fields),
];

const tableOfCutDefaults = `create table cut_defaults (id serial primary key, path text default 'a::b',
 lower_case text default lower('ABC'),
  joined text default ('x' || md5('y')), later timestamptz default (now() + interval '1 day'),
  utc timestamp default (now() at time zone 'utc'),
  words text[] default array['a', 'b'], bits bit(3) default b'101', flag bit default b'0',
  nested json default '{"a": "b::c"}')`;
const cutDefaults = [sql(tableOfCutDefaults), track('cut_defaults')];

const typesOfMoods = `create type mood as enum ('sad', 'ok', 'it''s fine');
  create domain positive as integer check (value > 0); create type "Mixed Case" as enum ('a')`;
const tablesWithoutKey = `create table no_key (a integer, b text);
  create table two_keys (a integer, b integer, primary key (a, b))`;

const long = 'a_name_that_is_much_longer_than_what_people_usually_like_to_type_in';

export const models = {
  empty: { why: 'nothing at all', nothing: true, model: [] },

  // ---- types
  types: {
    why: 'every type that a field can be created with',
    model: [
      table('types', [
        serial(),
        field('a_string', 'string'),
        field('a_short_string', 'string', { max_length: 12 }),
        field('a_text', 'text'),
        field('an_integer', 'integer'),
        field('a_big_integer', 'bigInteger'),
        field('a_float', 'float'),
        field('a_decimal', 'decimal'),
        field('a_wide_decimal', 'decimal', { numeric_precision: 20, numeric_scale: 8 }),
        field('a_boolean', 'boolean', {}, { special: ['cast-boolean'] }),
        field('a_date', 'date'),
        field('a_time', 'time'),
        field('a_date_time', 'dateTime'),
        field('a_timestamp', 'timestamp'),
        field('a_json', 'json', {}, { special: ['cast-json'] }),
        field('a_csv', 'csv', {}, { special: ['cast-csv'] }),
        field('a_uuid', 'uuid'),
        field('a_hash', 'hash', {}, { special: ['hash'] }),
        field('a_binary', 'binary'),
      ]),
    ],
  },
  'types-required': {
    why: 'every type, not null',
    model: [
      table('types_required', [
        uuidKey(),
        ...[
          'string',
          'text',
          'integer',
          'bigInteger',
          'float',
          'decimal',
          'boolean',
          'date',
          'time',
          'dateTime',
          'timestamp',
          'json',
          'uuid',
        ].map((type) => field(`a_${type.toLowerCase()}`, type, required, { required: true })),
      ]),
    ],
  },
  'types-special': {
    why: 'specials that decide the type, or what Directus does by itself',
    model: [
      table('specials', [
        uuidKey(),
        field('user_created', 'uuid', {}, { special: ['user-created'], interface: 'select-dropdown-m2o' }),
        field('date_created', 'timestamp', {}, { special: ['date-created'], interface: 'datetime' }),
        field('user_updated', 'uuid', {}, { special: ['user-updated'] }),
        field('date_updated', 'timestamp', {}, { special: ['date-updated'] }),
        field('tags', 'json', {}, { special: ['cast-json'], interface: 'tags' }),
        field('list', 'csv', {}, { special: ['cast-csv'] }),
        field('secret', 'hash', {}, { special: ['hash', 'conceal'] }),
        field('hidden_text', 'text', {}, { special: ['conceal'] }),
        field('when', 'dateTime', {}, { special: ['cast-datetime'] }),
        field('stamp', 'timestamp', {}, { special: ['cast-timestamp'] }),
        field('role_created', 'uuid', {}, { special: ['role-created'] }),
        field('nothing_special', 'string', {}, { special: [] }),
      ]),
    ],
  },
  'types-of-postgres': {
    why: 'column types that Directus reads, but would not create',
    model: madeBySql(
      'postgres_types',
      `id uuid primary key, one_char char, five_chars character(5), no_limit varchar, long_varchar varchar(70000),
       small smallint, any_numeric numeric, whole_numeric numeric(10), narrow_numeric numeric(3,3),
       hundreds numeric(5,-2),
       small_float real, large_float double precision, price money, some_jsonb jsonb, millis timestamp(3),
       millis_tz timestamptz(3),
       time_tz timetz, short_time time(0), span interval, one_bit bit, bits bit(8), some_bits bit varying(16),
       address inet, net cidr, mac macaddr, document xml, words tsvector, row_oid oid, a_name name, bytes bytea,
       a_point point`,
    ),
  },
  arrays: {
    why: 'arrays of several types, with and without defaults',
    model: madeBySql(
      'arrays',
      `id integer primary key, texts text[], numbers integer[] not null, grid integer[][], flags boolean[],
       names varchar(20)[], ids uuid[]`,
    ),
  },
  generated: {
    why: 'generated columns',
    model: madeBySql(
      'generated',
      `id serial primary key, net numeric(10,2) not null, rate numeric(4,2) not null default 0.2,
       gross numeric(12,4) generated always as (net * (1::numeric + rate)) stored,
       label text generated always as ('No. ' || net::text) stored,
       upper_name varchar(100) generated always as ('it''s ' || rate::text) stored`,
    ),
  },
  identity: {
    why: 'identity columns as keys, and one that is not a key',
    model: [
      ...madeBySql('identity_always', 'id integer generated always as identity primary key, name text'),
      ...madeBySql('identity_default', 'id bigint generated by default as identity primary key, name text'),
      ...madeBySql('identity_beside', 'id uuid primary key, number integer generated always as identity'),
    ],
  },
  enums: {
    why: 'columns of types that only SQL can create',
    prepare: typesOfMoods,
    model: [
      sql(typesOfMoods),
      ...madeBySql(
        'moods',
        `id serial primary key, mood mood not null default 'ok', worst mood default 'it''s fine', moods mood[],
         amount positive, odd "Mixed Case"`,
      ),
    ],
  },

  // ---- defaults
  'defaults-by-directus': {
    why: 'defaults as the app sets them',
    model: [
      table('plain_defaults', [
        serial(),
        field('name', 'string', { default_value: 'draft' }),
        field('count', 'integer', { default_value: 0 }),
        field('below', 'integer', { default_value: -5 }),
        field('big', 'bigInteger', { default_value: 4294967296 }),
        field('ratio', 'float', { default_value: 0.5 }),
        field('price', 'decimal', { default_value: 9.95 }),
        field('active', 'boolean', { default_value: true }),
        field('closed', 'boolean', { default_value: false, ...required }),
        field('settings', 'json', { default_value: { a: [1, null, 'x'], b: {} } }),
        field('list', 'json', { default_value: [] }),
        field('made', 'timestamp', { default_value: 'now()' }),
        field('made_too', 'timestamp', { default_value: 'CURRENT_TIMESTAMP' }),
        field('status', 'string', { default_value: 'published', ...required, max_length: 20 }),
      ]),
    ],
  },
  'defaults-strings': {
    why: 'texts that are hard to quote',
    model: madeBySql(
      'text_defaults',
      `id serial primary key, quote text default 'it''s', quotes varchar(50) default '''''',
       double_quote text default '"so"',
       backslash text default E'a\\\\b', question text default 'why?', questions text default '?? ? $1',
       empty text default '',
       space text default ' ', padded varchar(20) default '  x  ', null_word text default 'null',
       true_word text default 'true',
       number_word text default '007', now_word text default 'now()', stamp_word text default 'CURRENT_TIMESTAMP',
       lines text default E'a\\nb', tab text default E'a\\tb', unicode text default 'žluťoučký 🐎',
       yaml_word text default 'yes',
       colon text default 'a: b', hash text default 'a #b', dash text default '- a', brace text default '{{a}}',
       percent text default '%s',
       dollar text default '$$', call text default 'lower(x)', a_char char(3) default 'ab',
       long text default '${'lorem ipsum '.repeat(12).trim()}',
       parens text default '(1 + 2)', comma text default 'a,b', semicolon text default 'a;b',
       comment text default 'a --b', slash text default '/* a */'`,
    ),
  },
  'defaults-numbers': {
    why: 'numbers of every kind',
    model: madeBySql(
      'number_defaults',
      `id serial primary key, zero integer default 0, minus integer default -1,
       largest bigint default 9007199254740991, small smallint default 7,
       cents numeric(10,2) default 10.50, trailing_zeros numeric(10,5) default 1.00000,
       tiny numeric(30,20) default 0.0000001,
       huge numeric default 1000000000000000000000, any_numeric numeric default 0.1, half real default 0.5,
       third double precision default 0.333,
       exponent double precision default 1e21, small_exponent double precision default 1e-7,
       minus_half numeric(4,1) default -0.5,
       sum integer default (1 + 2), price money default 5`,
    ),
  },
  'defaults-beyond': {
    why: 'numbers that JavaScript cannot hold: the file does not say what the default is',
    refused: 'biggest',
    model: madeBySql(
      'beyond',
      'id serial primary key, biggest bigint default 9223372036854775807, least bigint default -9223372036854775807',
    ),
  },
  'defaults-times': {
    why: 'times, and functions that give them',
    model: madeBySql(
      'time_defaults',
      `id serial primary key, now timestamptz default now(), stamp timestamptz default current_timestamp,
       stamp_ms timestamptz default current_timestamp(3),
       local timestamp default localtimestamp, stamp_plain timestamp default current_timestamp,
       today date default current_date, day date default '2026-01-31',
       moment timestamp default '2026-01-31 10:20:30', moment_tz timestamptz default '2026-01-31 10:20:30+02',
       hour time default '10:20:30',
       clock time default localtime, span interval default '1 day', clocked timestamptz default clock_timestamp()`,
    ),
  },
  'defaults-functions': {
    why: 'functions and expressions',
    model: [
      sql('create sequence numbers_of_invoices start 100'),
      ...madeBySql(
        'function_defaults',
        `id uuid primary key default gen_random_uuid(), other uuid default gen_random_uuid(),
         fixed uuid default '00000000-0000-4000-8000-000000000000',
         chance double precision default random(), largest integer default greatest(1, 2),
         who text default current_user, session name default session_user,
         choice integer default (case when true then 1 else 2 end)`,
      ),
    ],
  },
  'defaults-json': {
    why: 'json and jsonb',
    model: madeBySql(
      'json_defaults',
      `id serial primary key, object json default '{}', list json default '[]', null_value json default 'null',
       number json default '1', word json default '"a"',
       spaced json default '{ "b" : 1,  "a" : [ 1, 2 ] }',
       nested json default '{"a": {"b": [{"c": null}, true, 1.5]}}', quoted json default '{"a": "it''s"}',
       binary_object jsonb default '{}', binary_list jsonb default '[]',
       binary_nested jsonb default '{"a": [1, {"b": "c"}]}', yes json default 'true'`,
    ),
  },
  'defaults-others': {
    why: 'booleans, bytes, bits, addresses, arrays',
    model: madeBySql(
      'other_defaults',
      `id serial primary key, yes boolean default true, no boolean default false, computed boolean default (1 = 1),
       bytes bytea default '\\xdeadbeef',
       address inet default '10.0.0.1', texts text[] default '{}',
       numbers integer[] default '{1,2}', document xml default '<a/>', explicit_null text default null,
       null_text varchar(10) default null::varchar`,
    ),
  },
  'defaults-cut': {
    why: 'Directus cuts a default at the first ::, so its file does not say what the default is',
    refused: '::',
    model: cutDefaults,
  },
  'defaults-cut-adopted': {
    why: 'the same, where a migration has made the table',
    prepare: tableOfCutDefaults,
    model: cutDefaults,
  },

  // ---- keys, uniques, indexes
  'primary-keys': {
    why: 'every kind of primary key',
    model: [
      table('key_serial', [serial()]),
      table('key_bigserial', [field('id', 'bigInteger', { is_primary_key: true, has_auto_increment: true })]),
      table('key_uuid', [uuidKey()]),
      table('key_string', [field('code', 'string', { is_primary_key: true, max_length: 10 })]),
      table('key_text', [field('name', 'text', { is_primary_key: true })]),
      table('key_integer', [field('number', 'integer', { is_primary_key: true })]),
      table('key_named', [serial('key_number'), field('id', 'string')]),
      table('key_not_first', [field('name', 'string'), serial('id'), field('note', 'text')]),
      ...madeBySql('key_char', 'id char(36) primary key, name text'),
      ...madeBySql('key_varchar', 'id varchar(36) primary key, name text'),
      ...madeBySql('key_smallserial', 'id smallserial primary key'),
      ...madeBySql('key_date', 'day date primary key'),
      ...madeBySql('key_default', 'id integer primary key default 7'),
    ],
  },
  'keys-without-fields': {
    why: 'tables without a single primary key have a collection, but no fields',
    versions: ['11.6.1'],
    prepare: tablesWithoutKey,
    model: [sql(tablesWithoutKey)],
  },
  'unique-indexed': {
    why: 'unique, indexed, and both',
    model: [
      table('marks', [
        serial(),
        field('code', 'string', { is_unique: true, ...required }),
        field('slug', 'string', { is_unique: true }),
        field('year', 'integer', { is_indexed: true }),
        field('day', 'date', { is_indexed: true, is_nullable: false }),
        field('both', 'uuid', { is_unique: true, is_indexed: true }),
        field('number', 'bigInteger', { is_unique: true, default_value: 1 }),
      ]),
    ],
  },
  'other-indexes': {
    why: 'partial, hash, multiple and expression indexes, unique indexes, composite uniques',
    model: [
      ...madeBySql('indexed', 'id serial primary key, a text, b text, c integer, d integer, e text, f integer'),
      sql(`create index on indexed (a); create index indexed_by_hash on indexed using hash (b);
       create index on indexed (c) where c > 0;
           create unique index on indexed (d); create index on indexed (lower(e)); alter table indexed add unique (a,
           b);
           create index one_index on indexed (f); create index other_index on indexed (f desc)`),
    ],
  },
  'names-of-constraints': {
    why: 'constraints, sequences and indexes that are not called as Directus would',
    model: [
      sql(`create sequence counter_of_people;
       create table people (number integer primary key default nextval('counter_of_people'), name text,
             constraint people_have_names unique (name));
           alter sequence counter_of_people owned by people.number;
           create table dogs (id bigserial primary key,
           master integer constraint "Dogs belong to people" references people on delete cascade on update restrict,
             tag text constraint tag_is_unique unique, age integer);
           create index whatever on dogs (age);
           insert into directus_relations (many_collection, many_field, one_collection) values ('dogs', 'master',
           'people')`),
      track('people'),
      track('dogs'),
    ],
  },
  'foreign-sequence': {
    why: 'a default from a sequence that does not belong to the column',
    prepare: 'create sequence shared_numbers start 5',
    model: [
      sql('create sequence shared_numbers start 5'),
      ...madeBySql(
        'shares_numbers',
        `id integer primary key default nextval('shared_numbers'), other bigint default nextval('shared_numbers')`,
      ),
    ],
  },
  'serial-beside': {
    why: 'a serial column that is no key',
    model: madeBySql('serial_beside', 'id uuid primary key, position serial, large bigserial'),
  },

  // ---- collections
  folders: {
    why: 'folders in folders, whose names sort before and after what is in them',
    model: [
      folder('z_top', { icon: 'folder', sort: 2 }),
      folder('a_inner', { group: 'z_top', collapse: 'closed' }),
      folder('m_innermost', { group: 'a_inner', collapse: 'locked', hidden: true }),
      table('b_things', [serial()], { group: 'm_innermost', sort: 1 }),
      table('zz_things', [serial()], { group: 'a_inner', sort: 2 }),
      table('a_parent', [serial()], { group: 'zz_things' }),
      folder('empty_folder', {
        note: 'nothing in it',
        color: '#FF0000',
        translations: [{ language: 'cs-CZ', translation: 'Nic', singular: 'nic', plural: 'nic' }],
      }),
    ],
  },
  collections: {
    why: 'everything that can be set for a collection',
    model: [
      table(
        'full_of_options',
        [
          uuidKey(),
          field('status', 'string', { default_value: 'draft' }),
          field('sort', 'integer'),
          field('title', 'string'),
          field('parent', 'uuid'),
        ],
        {
          icon: 'pets',
          note: 'What: a "note", isn\'t it?',
          display_template: '{{title}} — {{status}}',
          hidden: true,
          translations: [
            { language: 'cs-CZ', translation: 'Zvířata', singular: 'zvíře', plural: 'zvířata' },
            { language: 'en-GB', translation: 'Pets', singular: 'pet', plural: 'pets' },
          ],
          archive_field: 'status',
          archive_value: 'archived',
          unarchive_value: 'draft',
          archive_app_filter: false,
          sort_field: 'sort',
          accountability: 'activity',
          color: '#6644FF',
          item_duplication_fields: ['title', 'status'],
          sort: 3,
          collapse: 'closed',
          preview_url: 'https://example.com/{{id}}?preview=true',
          versioning: true,
        },
      ),
      table('single', [serial(), field('title', 'string')], { singleton: true, accountability: null }),
    ],
  },
  'names-odd': {
    why: 'names that need quotes, words that are reserved, capitals, dashes and dots',
    model: [
      table('Capital', [
        serial('ID'),
        field('Name', 'string', { is_unique: true }),
        field('camelCase', 'integer', { is_indexed: true }),
      ]),
      table('with-dash', [serial(), field('a-b', 'string', { is_unique: true })]),
      table('select', [
        serial('user'),
        field('order', 'integer', { is_indexed: true }),
        field('table', 'text'),
        field('group', 'string'),
      ]),
      table('1st', [serial(), field('2nd', 'string')]),
      table('žluť', [serial(), field('kůň', 'string', { is_unique: true })]),
      table('quote"d', [serial(), field("it's", 'string'), field('back"slash\\', 'string')]),
      table('prototypes', [serial(), field('toString', 'string'), field('valueOf', 'string')]),
      ...madeBySql('with.dot', 'id serial primary key, "a field" varchar(255), "a.b" text, "  " integer'),
      table('dollar$', [serial(), field('per%cent', 'string'), field('co:lon', 'string'), field('ha#sh', 'string')]),
      table('true', [
        serial(),
        field('null', 'string'),
        field('no', 'boolean'),
        field('0x1', 'string'),
        field('1e3', 'string'),
      ]),
    ],
  },
  'names-long': {
    why: 'names of up to 63 bytes, and what is made from them',
    model: [
      // Directus calls the constraint of a key that is not serial TABLE_pkey, and PostgreSQL cuts that off.
      table('a_very_long_collection_name_that_is_really_quite_long_inde', [
        uuidKey(),
        field('and_a_field_name_that_is_rather_long_as_well', 'string', { is_unique: true }),
      ]),
      table('long_with_serial_that_has_a_name_of_more_than_fifty_nine_bytes_', [
        serial(),
        field(long.slice(0, 63), 'integer', { is_indexed: true }),
        m2o('a_reference_with_a_name_that_is_long'),
      ]),
      relation(
        'long_with_serial_that_has_a_name_of_more_than_fifty_nine_bytes_.a_reference_with_a_name_that_is_long',
        'a_very_long_collection_name_that_is_really_quite_long_inde',
      ),
      ...madeBySql(
        'a_very_long_table_name_that_is_so_long_that_it_cannot_be_longer',
        'id uuid primary key, name text unique',
      ),
      table('žluťoučký_kůň_úpěl_ďábelské_ódy_žluťouč', [
        serial(),
        field('příliš_žluťoučký_kůň', 'string', { is_unique: true }),
      ]),
    ],
  },
  'names-alike': {
    why: 'names of indexes that two tables would share, but for the columns',
    model: [
      table('a', [serial(), field('b_c', 'string'), field('id_2', 'integer', { is_indexed: true })]),
      table('a_b', [serial(), field('c', 'string'), field('unique', 'string')]),
      table('a_id', [serial('seq'), field('seq_1', 'string')]),
      table('A', [serial(), field('B', 'string')]),
    ],
  },

  // ---- fields
  'field-order': {
    why: 'rows of fields in another order than the columns, and groups in between',
    model: [
      table('ordered', [
        serial(),
        field('zebra', 'string', {}, { sort: 9 }),
        field('apple', 'string', {}, { sort: 1 }),
      ]),
      sql('alter table ordered add late text; alter table ordered add later text'),
      ...on(
        'ordered',
        alias('details', ['alias', 'no-data', 'group'], { interface: 'group-detail' }),
        field('middle', 'string', {}, { group: 'details' }),
      ),
      { of: 'ordered', change: { field: 'later', meta: { group: 'details', sort: 1 } } },
      { of: 'ordered', change: { field: 'late', meta: { sort: null } } },
      sql("update directus_fields set id = id + 1000 where collection = 'ordered' and field = 'id'"),
    ],
  },
  groups: {
    why: 'groups of fields inside groups, in every order',
    model: [
      table('grouped', [
        uuidKey(),
        alias('outer', ['alias', 'no-data', 'group'], {
          interface: 'group-accordion',
          options: { accordionMode: true, start: 'closed' },
        }),
        alias('inner', ['alias', 'no-data', 'group'], { interface: 'group-raw', group: 'outer' }),
        field('deep', 'string', {}, { group: 'inner', width: 'half' }),
        field('deeper', 'integer', { default_value: 3 }, { group: 'inner', width: 'half' }),
        field('top', 'string'),
        alias('line', ['alias', 'no-data'], {
          interface: 'presentation-divider',
          options: { title: 'Line', icon: 'horizontal_rule', inlineTitle: true },
        }),
        alias('notice', ['alias', 'no-data'], {
          interface: 'presentation-notice',
          options: { text: 'Mind\nthe gap' },
          group: 'outer',
        }),
        alias('links', ['alias', 'no-data'], {
          interface: 'presentation-links',
          options: {
            links: [
              { label: 'Open', icon: 'launch', type: 'primary', actionType: 'url', url: 'https://example.com/{{id}}' },
            ],
          },
        }),
      ]),
    ],
  },
  'field-options': {
    why: 'deep options, conditions and validations, with keys that are hard to sort',
    model: [
      table('optioned', [
        serial(),
        field(
          'choice',
          'string',
          { default_value: 'b' },
          {
            interface: 'select-dropdown',
            options: {
              choices: [
                { text: 'A', value: 'a', icon: null },
                { text: '$t:b', value: 'b' },
              ],
              allowNone: true,
              a: 1,
              'a b': 2,
              a_b: 3,
              'a-b': 4,
              'a.b': 5,
              aa: 6,
              10: 7,
              9: 8,
              A: 9,
            },
            display: 'labels',
            display_options: {
              choices: [{ text: 'A', value: 'a', foreground: '#FFFFFF', background: '#000000' }],
              showAsDot: null,
              nested: { deep: { deeper: [], empty: {} } },
            },
            conditions: [
              {
                name: 'hide',
                rule: { _and: [{ choice: { _eq: 'a' } }, { id: { _null: true } }] },
                hidden: true,
                options: {},
              },
            ],
            validation: {
              _and: [{ choice: { _regex: '^[a-z]+$' } }, { choice: { _in: ['a', 'b', null, 1, 1.5, true] } }],
            },
            validation_message: 'Only: small letters!',
            translations: [{ language: 'cs-CZ', translation: 'Volba' }],
            note: '$t:a_note',
            required: true,
            readonly: true,
            hidden: true,
            width: 'half-right',
          },
        ),
        field(
          'formatted',
          'text',
          {},
          {
            display: 'formatted-value',
            display_options: {
              conditionalFormatting: [{ operator: 'gte', value: 1e21 }, { value: -0.5 }],
              prefix: '',
              suffix: ' ',
            },
          },
        ),
        field('numbers', 'integer', {}, { options: { min: -1, max: 1e15, step: 0.001, big: 12345678901234567000 } }),
      ]),
    ],
  },
  'yaml-texts': {
    why: 'notes that YAML has to quote, fold or keep in lines',
    model: [
      table(
        'texts',
        [
          serial(),
          ...[
            'yes',
            'NO',
            'null',
            '~',
            '1:30',
            '007',
            '1e3',
            '0x1F',
            '2026-01-01',
            '- a',
            '# a',
            'a: b',
            'a #b',
            ' a',
            'a ',
            '',
            '"',
            "'",
            '@a',
            '%a',
            '&a',
            '*a',
            '!a',
            '|',
            '>',
            '{a',
            '[a',
            'a\nb',
            'a\n',
            '\na',
            'a\n\nb\n',
            '\ta',
            'a\tb',
            '🐎',
            '\u00a0',
            'a\u2028b',
            '<<',
            '=',
            '?',
            '? a',
            ':',
            'a:',
            'true',
            '.inf',
            '-0',
            '+1',
            '1_000',
            '0o7',
            'on',
            'Off',
            'y',
            'n',
            '---',
            '...',
            'x'.repeat(200),
            `${'word '.repeat(40).trim()}`,
            `${'word '.repeat(20)}\n  indented ${'word '.repeat(20)}\n`,
            'a  b   c '.repeat(12),
            '  leads',
            '\n\n  two',
            'ends\n\n',
          ].map((note, at) =>
            field(
              `note_${at}`,
              'string',
              {},
              { note, options: { placeholder: note, [`key ${at}: ${note.slice(0, 20)}`]: note } },
            ),
          ),
        ],
        { note: 'a\r\nb' },
      ),
    ],
  },
  'field-metas-absent': {
    why: 'columns that Directus does not know, in tables that it does',
    versions: ['11.6.1'],
    model: [
      table('half_known', [serial(), field('known', 'string')]),
      sql('alter table half_known add unknown text default 7, add unknown_too integer unique'),
    ],
  },
  untracked: {
    why: 'tables that Directus does not know; its snapshots list them until 11.10',
    versions: ['11.6.1'],
    model: [
      sql(
        `create table untracked (id serial primary key, name text);
          create table untracked_child (id uuid primary key, parent integer references untracked on delete cascade)`,
      ),
    ],
  },

  // ---- relations
  relations: {
    why: 'many to one with every rule, and the lists on the other side',
    model: [
      table('owners', [uuidKey(), field('name', 'string'), o2m('pets'), o2m('former_pets')]),
      table('pets', [
        serial(),
        m2o('owner'),
        m2o('former_owner'),
        m2o('vet', 'uuid', required),
        m2o('breeder'),
        m2o('insurer'),
      ]),
      relation(
        'pets.owner',
        'owners',
        { one_field: 'pets', one_deselect_action: 'delete', sort_field: null },
        'SET NULL',
      ),
      relation('pets.former_owner', 'owners', { one_field: 'former_pets' }, 'CASCADE'),
      relation('pets.vet', 'owners', {}, 'NO ACTION'),
      relation('pets.breeder', 'owners', {}, 'RESTRICT'),
      relation('pets.insurer', 'owners', {}, 'SET DEFAULT'),
    ],
  },
  'relations-of-sql': {
    why: 'foreign keys with rules on update, to other columns than the key, and without rows of metadata',
    model: [
      sql(`create table countries (code char(2) primary key, name varchar(50) unique not null);
           create table cities (id serial primary key,
           country char(2) not null references countries on update cascade on delete restrict,
             country_name varchar(50) references countries (name) on update set null,
             sister integer references cities on delete set null)`),
      track('countries'),
      track('cities', { country: { interface: 'select-dropdown-m2o', special: ['m2o'] } }),
      sql(`insert into directus_relations (many_collection, many_field, one_collection) values ('cities', 'country',
       'countries'),
             ('cities', 'country_name', 'countries'), ('cities', 'sister', 'cities')`),
    ],
  },
  'relations-untracked': {
    why: 'a foreign key that Directus does not know: since 11.10 its relation is in no snapshot, but its field says it',
    model: [
      table('first', [uuidKey()]),
      table('second', [uuidKey(), field('first', 'uuid')]),
      sql('alter table second add foreign key (first) references first'),
    ],
  },
  'relations-without-key': {
    why: 'relations that only Directus knows, without a constraint',
    model: [
      table('lists', [uuidKey(), o2m('entries')]),
      table('list_entries', [serial(), field('list', 'uuid', {}, { special: ['m2o'] })]),
      sql(
        `insert into directus_relations (many_collection, many_field, one_collection, one_field)
          values ('list_entries', 'list', 'lists', 'entries')`,
      ),
    ],
  },
  'self-reference': {
    why: 'a tree',
    model: [
      table(
        'pages',
        [
          serial(),
          m2o('parent', 'integer'),
          o2m('children'),
          field('sort', 'integer'),
          field('path', 'string', { is_unique: true, is_indexed: true }),
        ],
        { sort_field: 'sort' },
      ),
      relation('pages.parent', 'pages', { one_field: 'children', sort_field: 'sort' }, 'SET NULL'),
    ],
  },
  cycles: {
    why: 'collections that refer to each other',
    model: [
      table('eggs', [uuidKey(), m2o('hen'), m2o('best_friend')]),
      table('hens', [uuidKey(), m2o('egg'), m2o('cock')]),
      table('cocks', [uuidKey(), m2o('egg', 'uuid', required)]),
      relation('eggs.hen', 'hens'),
      relation('hens.egg', 'eggs', {}, 'CASCADE'),
      relation('hens.cock', 'cocks'),
      relation('cocks.egg', 'eggs', {}, 'NO ACTION'),
      relation('eggs.best_friend', 'eggs'),
    ],
  },
  'many-to-many': {
    why: 'junctions: between two, of one with itself, and with files',
    model: [
      table('articles', [
        serial(),
        alias('tags', ['m2m'], { interface: 'list-m2m' }),
        alias('related', ['m2m'], { interface: 'list-m2m' }),
        alias('images', ['files'], { interface: 'files' }),
        field('cover', 'uuid', {}, { special: ['file'], interface: 'file-image' }),
      ]),
      table('tags', [field('name', 'string', { is_primary_key: true }), alias('articles', ['m2m'])]),
      table(
        'articles_tags',
        [serial(), m2o('articles_id', 'integer'), field('tags_name', 'string'), field('sort', 'integer')],
        { hidden: true },
      ),
      table('articles_articles', [serial(), m2o('articles_id', 'integer'), m2o('related_articles_id', 'integer')], {
        hidden: true,
      }),
      table('articles_files', [serial(), m2o('articles_id', 'integer'), field('directus_files_id', 'uuid')], {
        hidden: true,
      }),
      relation('articles_tags.tags_name', 'tags', { one_field: 'articles', junction_field: 'articles_id' }),
      relation(
        'articles_tags.articles_id',
        'articles',
        { one_field: 'tags', junction_field: 'tags_name', sort_field: 'sort', one_deselect_action: 'delete' },
        'CASCADE',
      ),
      relation('articles_articles.related_articles_id', 'articles', { junction_field: 'articles_id' }),
      relation('articles_articles.articles_id', 'articles', {
        one_field: 'related',
        junction_field: 'related_articles_id',
      }),
      relation('articles_files.directus_files_id', 'directus_files', { junction_field: 'articles_id' }),
      relation('articles_files.articles_id', 'articles', { one_field: 'images', junction_field: 'directus_files_id' }),
      relation('articles.cover', 'directus_files'),
    ],
  },
  'many-to-any': {
    why: 'blocks of any collection',
    model: [
      table('site_pages', [uuidKey(), alias('blocks', ['m2a'], { interface: 'list-m2a' })]),
      table('block_texts', [uuidKey(), field('text', 'text')]),
      table('block_images', [serial(), field('image', 'uuid', {}, { special: ['file'] })]),
      table(
        'site_pages_blocks',
        [
          serial(),
          m2o('site_pages_id'),
          field('item', 'string'),
          field('collection', 'string'),
          field('sort', 'integer'),
        ],
        { hidden: true },
      ),
      relation('site_pages_blocks.item', null, {
        one_allowed_collections: ['block_texts', 'block_images'],
        one_collection_field: 'collection',
        junction_field: 'site_pages_id',
      }),
      relation('site_pages_blocks.site_pages_id', 'site_pages', {
        one_field: 'blocks',
        junction_field: 'item',
        sort_field: 'sort',
      }),
      relation('block_images.image', 'directus_files', {}, 'SET NULL'),
    ],
  },
  'many-to-any-of-none': {
    why: 'an empty list of allowed collections',
    model: [
      table('any_owner', [uuidKey()]),
      table('any_junction', [serial(), field('item', 'string'), field('collection', 'string')]),
      relation('any_junction.item', null, { one_allowed_collections: [], one_collection_field: 'collection' }),
    ],
  },
  translations: {
    why: 'translations, with languages as another collection',
    model: [
      table('languages', [
        field('code', 'string', { is_primary_key: true }),
        field('name', 'string'),
        field('direction', 'string', { default_value: 'ltr' }),
      ]),
      table('products', [
        uuidKey(),
        alias('translations', ['translations'], {
          interface: 'translations',
          options: { languageField: 'name', defaultLanguage: 'en-US', userLanguage: true },
        }),
      ]),
      table(
        'products_translations',
        [serial(), m2o('products_id'), field('languages_code', 'string'), field('name', 'string')],
        { hidden: true },
      ),
      relation('products_translations.languages_code', 'languages', { junction_field: 'products_id' }),
      relation(
        'products_translations.products_id',
        'products',
        { one_field: 'translations', junction_field: 'languages_code', one_deselect_action: 'delete' },
        'CASCADE',
      ),
    ],
  },
  'relation-order': {
    why: 'rows of relations in another order than the fields',
    model: [
      table('goal', [uuidKey()]),
      table('arrows', [uuidKey(), m2o('c'), m2o('a'), m2o('b')]),
      relation('arrows.b', 'goal'),
      relation('arrows.a', 'goal'),
      relation('arrows.c', 'goal'),
    ],
  },
  'serial-references': {
    why: 'references of every type of key',
    model: [
      table('by_serial', [serial()]),
      table('by_bigserial', [field('id', 'bigInteger', { is_primary_key: true, has_auto_increment: true })]),
      table('by_string', [field('id', 'string', { is_primary_key: true, max_length: 40 })]),
      table('refers', [
        uuidKey(),
        m2o('serial_id', 'integer'),
        m2o('bigserial_id', 'bigInteger'),
        m2o('string_id', 'string', { max_length: 40 }),
        m2o('user_id'),
        m2o('role_id'),
        m2o('folder_id'),
      ]),
      relation('refers.serial_id', 'by_serial'),
      relation('refers.bigserial_id', 'by_bigserial', {}, 'CASCADE'),
      relation('refers.string_id', 'by_string'),
      relation('refers.user_id', 'directus_users'),
      relation('refers.role_id', 'directus_roles', {}, 'NO ACTION'),
      relation('refers.folder_id', 'directus_folders'),
    ],
  },
  'unique-reference': {
    why: 'one to one: a reference that is unique and indexed, and a key that is a reference',
    model: [
      table('persons', [uuidKey()]),
      table('passports', [
        uuidKey(),
        m2o('person', 'uuid', { is_unique: true }),
        field('photo', 'uuid', { is_indexed: true }, { special: ['file'] }),
      ]),
      table('person_details', [field('person_id', 'uuid', { is_primary_key: true }), field('height', 'integer')]),
      relation('passports.person', 'persons'),
      relation('passports.photo', 'directus_files'),
      sql(
        `alter table person_details add foreign key (person_id) references persons on delete cascade;
          insert into directus_relations (many_collection, many_field, one_collection)
            values ('person_details', 'person_id', 'persons')`,
      ),
    ],
  },

  // ---- Directus' own collections
  'system-fields': {
    why: 'fields of ours in collections of Directus, with relations in both directions',
    model: [
      table('teams', [uuidKey(), o2m('members'), m2o('lead')]),
      ...on(
        'directus_users',
        field('nick', 'string', { is_unique: true }),
        field('level', 'integer', { default_value: 1, ...required }),
        m2o('team'),
        o2m('leads'),
      ),
      ...on('directus_files', field('credit', 'text'), field('taken', 'timestamp', { is_indexed: true })),
      ...on(
        'directus_roles',
        field('rank', 'integer'),
        alias('info', ['alias', 'no-data'], { interface: 'presentation-notice' }),
      ),
      ...on('directus_folders', field('shared', 'boolean', { default_value: false })),
      relation('directus_users.team', 'teams', { one_field: 'members' }),
      relation('teams.lead', 'directus_users', { one_field: 'leads' }),
    ],
  },
  'system-overrides': {
    why: 'rows of ours for fields and collections that Directus brings',
    model: [
      { of: 'directus_users', change: { field: 'title', meta: { note: 'Mr or Mrs', width: 'full', sort: 3 } } },
      { of: 'directus_users', change: { field: 'location', meta: { hidden: true } } },
      sql(
        `insert into directus_collections (collection, note, icon)
          values ('directus_files', 'All files', 'attach_file')`,
      ),
    ],
  },
  'system-indexes': {
    why: 'indexes on fields of Directus, which its snapshots list since 11.13',
    written: '11.17.4',
    // It takes the default from a column that it gives an index.
    real: { '11.17.4': 'unlike', '12.4.0': 'unlike' },
    model: [
      { of: 'directus_users', change: { field: 'last_name', schema: { is_indexed: true } } },
      { of: 'directus_files', change: { field: 'title', schema: { is_indexed: true } } },
      table('beside', [serial()]),
    ],
  },
  'system-settings': {
    why: 'a field of ours in the settings',
    model: [
      ...on(
        'directus_settings',
        field('slogan', 'string', { default_value: 'Hello' }),
        field('terms', 'uuid', {}, { special: ['file'] }),
      ),
      relation('directus_settings.terms', 'directus_files'),
    ],
  },

  // ---- more of everything
  'many-columns': {
    why: 'a table of a hundred columns',
    model: [
      table('wide', [
        serial(),
        ...Array.from({ length: 100 }, (_, n) =>
          field(
            `column_${n}`,
            ['string', 'integer', 'text', 'boolean', 'date'][n % 5],
            n % 7 ? {} : { is_indexed: true },
          ),
        ),
      ]),
    ],
  },
  'many-collections': {
    refused: { '12.4.0': '25|licen[cs]e' },
    why: 'forty collections in a chain; more than Directus 12 allows without a licence',
    model: Array.from({ length: 40 }, (_, n) => [
      table(`link_${n}`, [serial(), field('name', 'string'), ...(n ? [m2o('previous', 'integer')] : [])]),
      ...(n ? [relation(`link_${n}.previous`, `link_${n - 1}`)] : []),
    ]).flat(),
  },
  'at-the-licence': {
    why: 'twenty-five collections, as many as Directus 12 allows without a licence, and folders, which do not count',
    model: [
      folder('some_folder'),
      ...Array.from({ length: 25 }, (_, n) => table(`member_${n}`, [serial()], { group: 'some_folder' })),
    ],
  },
  'only-a-key': { why: 'a collection with nothing but its key', model: [table('lonely', [serial()])] },
  'no-special-fields': {
    why: 'a collection of aliases only, beside its key',
    model: [
      table('presented', [
        serial(),
        alias('a', ['alias', 'no-data']),
        alias('b', ['alias']),
        alias('c', ['alias', 'no-data', 'group']),
      ]),
    ],
  },
};

// One of everything that the real Directus can create, in one snapshot, one model after the other. Not more than 25
// collections: that is what Directus 12 allows without a licence.
const inZoo = [
  'types',
  'types-required',
  'types-special',
  'defaults-by-directus',
  'unique-indexed',
  'folders',
  'collections',
  'groups',
  'field-options',
  'yaml-texts',
  'relations',
  'self-reference',
  'cycles',
  'unique-reference',
  'system-fields',
  'system-overrides',
  'no-special-fields',
];
const shapes = ['', '.Point', '.LineString', '.Polygon', '.MultiPoint', '.MultiLineString', '.MultiPolygon'];
const postgis = 'create extension if not exists postgis';
models.geometry = {
  why: 'every geometry of PostGIS',
  prepare: postgis,
  needs: 'postgis',
  model: [
    sql(postgis),
    table('shapes', [
      serial(),
      ...shapes.map((shape) =>
        field(
          `a_geometry${shape.replace('.', '_').toLowerCase()}`,
          `geometry${shape}`,
          {},
          { special: shape ? [`geometry${shape}`] : null, interface: 'map' },
        ),
      ),
    ]),
  ],
};
models.zoo = {
  why: 'one of everything at once, PostGIS too',
  prepare: postgis,
  needs: 'postgis',
  model: [...models.geometry.model, ...inZoo.flatMap((name) => models[name].model)],
};
for (const version of ['11.17.4', '12.4.0'])
  models[`zoo-${version}`] = { ...models.zoo, why: `the zoo, by ${version}`, written: version };
