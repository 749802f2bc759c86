// The data model of TRM, as a person would enter it into a running Directus.
//
// Directus' own REST API takes it from here, and Directus writes snapshots/schema.yaml from the result; nothing else
// reads this file. It has two halves because the project's founding incident did: the event half was created in a
// running Directus while the committed snapshot knew only the organization half.

// ---- kinds of fields

const id = {
  field: 'id',
  type: 'uuid',
  meta: { interface: 'input', special: ['uuid'], hidden: true, readonly: true },
  schema: { is_primary_key: true },
};

// What Directus calls required is a rule of its forms; `is_nullable` makes it a rule of the database as well.
const column = (type, field, meta, { required = false, note = null, default_value = null, ...schema } = {}) => ({
  field,
  type,
  meta: { required, note, ...meta },
  schema: { is_nullable: !required, default_value, ...schema },
});

const string = (field, options) => column('string', field, { interface: 'input' }, options);
const text = (field, options) => column('text', field, { interface: 'input-multiline' }, options);
const integer = (field, options) => column('integer', field, { interface: 'input' }, options);
const date = (field, options) => column('date', field, { interface: 'datetime', display: 'datetime' }, options);
const timestamp = (field, options) => column('timestamp', field, { interface: 'datetime' }, options);
const reference = (field, options) =>
  column('uuid', field, { interface: 'select-dropdown-m2o', special: ['m2o'] }, options);

const choice = (field, values, options) => {
  const title = (value) => value[0].toUpperCase() + value.slice(1);
  const choices = values.map((value) => ({ text: title(value), value }));
  return column('string', field, { interface: 'select-dropdown', display: 'labels', options: { choices } }, options);
};

const dateCreated = column('timestamp', 'date_created', {
  interface: 'datetime',
  special: ['date-created'],
  display: 'datetime',
  display_options: { relative: true },
  readonly: true,
  hidden: true,
  width: 'half',
});

const required = { required: true };

// ---- users: the twelfth collection is Directus' own, with these fields added

export const userFields = [
  string('phone', { note: 'International form, such as +355 69 123 4567' }),
  string('nationality', { note: 'ISO 3166-1 alpha-2, such as AL', max_length: 2 }),
  date('date_of_birth'),
  choice('blood_type', ['0+', '0-', 'A+', 'A-', 'B+', 'B-', 'AB+', 'AB-'], {
    note: 'For the medical team of the event',
  }),
  string('licence_number', { note: "Of the rider's federation" }),
  string('emergency_contact_name'),
  string('emergency_contact_phone'),
];

// ---- the organization half: what exists from season to season

const organizationCollections = [
  {
    collection: 'organizations',
    meta: { icon: 'corporate_fare', note: 'Clubs and federations', display_template: '{{name}}' },
    fields: [
      id,
      string('name', required),
      string('slug', { required: true, is_unique: true }),
      string('country'),
      text('notes'),
      dateCreated,
    ],
  },
  {
    collection: 'organization_users',
    meta: { icon: 'group', hidden: true },
    fields: [
      id,
      reference('organization_id', required),
      reference('user_id', required),
      choice('role', ['owner', 'admin', 'official', 'member'], { required: true, default_value: 'member' }),
      dateCreated,
    ],
  },
  {
    collection: 'vehicles',
    meta: { icon: 'directions_car', display_template: '{{make}} {{model}}' },
    fields: [
      id,
      string('make', required),
      string('model', required),
      integer('year'),
      string('plate', { is_indexed: true }),
      choice('kind', ['moto', 'quad', 'car', 'ssv'], required),
      text('notes'),
    ],
  },
  {
    collection: 'organization_vehicles',
    meta: { hidden: true },
    fields: [id, reference('organization_id', required), reference('vehicle_id', required)],
  },
  {
    collection: 'devices',
    meta: { icon: 'gps_fixed', note: 'GPS trackers', display_template: '{{imei}}' },
    fields: [
      id,
      string('imei', { required: true, is_unique: true }),
      string('model'),
      choice('protocol', ['teltonika', 'queclink', 'osmand'], { required: true, default_value: 'teltonika' }),
      string('sim_number'),
      text('notes'),
    ],
  },
  {
    collection: 'organization_devices',
    meta: { hidden: true },
    fields: [id, reference('organization_id', required), reference('device_id', required)],
  },
];

// ---- the event half: one race, and who and what takes part

const eventCollections = [
  {
    collection: 'events',
    meta: { icon: 'flag', display_template: '{{name}}' },
    fields: [
      id,
      reference('organization_id', required),
      string('name', required),
      string('slug', { required: true, note: 'Unique within the organization' }),
      choice('discipline', ['rally', 'time-trial', 'regatta', 'trail-run', 'hike'], required),
      timestamp('starts_at', required),
      timestamp('ends_at', required),
      string('regulation_doc_url'),
      text('notes'),
    ],
  },
  {
    collection: 'classes',
    meta: { icon: 'category', sort_field: 'sort_order', display_template: '{{code}} {{name}}' },
    fields: [
      id,
      reference('event_id', required),
      string('code', { required: true, note: "As the regulations write it: 'M-1'" }),
      string('name', required),
      text('description'),
      integer('sort_order'),
    ],
  },
  {
    collection: 'entries',
    meta: {
      icon: 'confirmation_number',
      display_template: '#{{race_number}}',
      archive_field: 'status',
      archive_value: 'withdrawn',
      unarchive_value: 'registered',
    },
    fields: [
      id,
      reference('event_id', required),
      reference('vehicle_id', { note: 'Empty on foot' }),
      reference('class_id', required),
      integer('race_number', { required: true, note: '1-199 moto, 2xx quad, 3xx car, 4xx SSV' }),
      choice('status', ['registered', 'confirmed', 'started', 'finished', 'dnf', 'dns', 'dq', 'withdrawn'], {
        required: true,
        default_value: 'registered',
      }),
      timestamp('registered_at', { default_value: 'now()' }),
      text('notes'),
    ],
  },
  {
    collection: 'entry_crew',
    meta: { icon: 'groups', hidden: true },
    fields: [
      id,
      reference('entry_id', required),
      reference('user_id', required),
      choice('role', ['pilot', 'co-pilot', 'navigator', 'mechanic', 'rider', 'runner', 'hiker'], required),
    ],
  },
  {
    collection: 'entry_devices',
    meta: { icon: 'gps_fixed', hidden: true },
    fields: [
      id,
      reference('entry_id', required),
      reference('device_id', required),
      reference('assigned_user_id', { note: 'Who carries it; empty when it is mounted on the vehicle' }),
      string('mount_position', { note: 'Such as panic_button_pilot' }),
    ],
  },
];

// ---- relations: nothing that is referred to can be deleted, but a device may lose the person who carried it

const relation = (path, related_collection, one_field) => {
  const [collection, field] = path.split('.');
  return { collection, field, related_collection, on_delete: 'RESTRICT', one_field };
};

const organizationRelations = [
  relation('organization_users.organization_id', 'organizations', 'members'),
  relation('organization_users.user_id', 'directus_users'),
  relation('organization_vehicles.organization_id', 'organizations'),
  relation('organization_vehicles.vehicle_id', 'vehicles'),
  relation('organization_devices.organization_id', 'organizations'),
  relation('organization_devices.device_id', 'devices'),
];

const eventRelations = [
  relation('events.organization_id', 'organizations', 'events'),
  relation('classes.event_id', 'events', 'classes'),
  relation('entries.event_id', 'events', 'entries'),
  relation('entries.vehicle_id', 'vehicles'),
  relation('entries.class_id', 'classes'),
  relation('entry_crew.entry_id', 'entries', 'crew'),
  relation('entry_crew.user_id', 'directus_users'),
  relation('entry_devices.entry_id', 'entries', 'devices'),
  relation('entry_devices.device_id', 'devices'),
  { ...relation('entry_devices.assigned_user_id', 'directus_users'), on_delete: 'SET NULL' },
];

export const organizationHalf = { collections: organizationCollections, relations: organizationRelations };
export const eventHalf = { collections: eventCollections, relations: eventRelations };
