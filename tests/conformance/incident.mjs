// What happened before the incident: in a running Directus that has the organization half of TRM, a person creates the
// five event collections with their ten relations and starts to work in them. Nothing of it is committed yet.
//
//   usage: node incident.mjs          env DIRECTUS, ADMIN_TOKEN: see directus-api.mjs
//
// Afterwards each of the five has rows, all of which must survive whatever is applied next. Ids are fixed, so a
// test can ask for a row by name: the kind is in the fourth group, the number in the fifth.

import { createCollections, forgetSchema, post, untilReady } from './directus-api.mjs';
import { eventHalf } from './trm-model.mjs';

const kinds = ['organization', 'user', 'vehicle', 'device', 'event', 'class', 'entry', 'crew', 'entry_device'];
const id = (kind, number) => {
  const digits = (value, width) => String(value).padStart(width, '0');
  return `1c1de000-0000-4000-8${digits(kinds.indexOf(kind), 3)}-${digits(number, 12)}`;
};

const rows = {
  organizations: [{ id: id('organization', 1), name: 'Incident Motor Club', slug: 'incident' }],
  vehicles: [
    { id: id('vehicle', 1), make: 'KTM', model: '450', kind: 'moto' },
    { id: id('vehicle', 2), make: 'Yamaha', model: 'Raptor 700', kind: 'quad' },
    { id: id('vehicle', 3), make: 'Can-Am', model: 'Maverick', kind: 'ssv' },
  ],
  devices: [1, 2, 3].map((number) => ({ id: id('device', number), imei: `00101111111111${number}` })),

  events: [
    ['Spring Rally', 'rally', '2026-04-11'],
    ['Lake Regatta', 'regatta', '2026-07-04'],
    ['Ridge Trail Run', 'trail-run', '2026-09-19'],
  ].map(([name, discipline, day], index) => ({
    id: id('event', index + 1),
    organization_id: id('organization', 1),
    name,
    slug: name.toLowerCase().replaceAll(' ', '-'),
    discipline,
    starts_at: `${day}T08:00:00Z`,
    ends_at: `${day}T18:00:00Z`,
  })),
  classes: ['M-1', 'Q-1', 'S-1'].map((code, index) => ({
    id: id('class', index + 1),
    event_id: id('event', 1),
    code,
    name: `Class ${code}`,
    sort_order: index + 1,
  })),
  entries: [101, 201, 401].map((race_number, index) => ({
    id: id('entry', index + 1),
    event_id: id('event', 1),
    class_id: id('class', index + 1),
    vehicle_id: id('vehicle', index + 1),
    race_number,
  })),
  entry_crew: [
    { entry_id: id('entry', 1), user_id: id('user', 1), role: 'pilot' },
    { entry_id: id('entry', 2), user_id: id('user', 2), role: 'pilot' },
    { entry_id: id('entry', 2), user_id: id('user', 3), role: 'co-pilot' },
  ].map((row, index) => ({ id: id('crew', index + 1), ...row })),
  entry_devices: [
    { entry_id: id('entry', 1), device_id: id('device', 1), mount_position: 'hardwired_dash' },
    { entry_id: id('entry', 2), device_id: id('device', 2), mount_position: 'hardwired_dash' },
    {
      entry_id: id('entry', 2),
      device_id: id('device', 3),
      assigned_user_id: id('user', 2),
      mount_position: 'panic_button_pilot',
    },
  ].map((row, index) => ({ id: id('entry_device', index + 1), ...row })),
};
const users = [1, 2, 3].map((number) => ({
  id: id('user', number),
  first_name: 'Rider',
  last_name: String(number),
  email: `rider-${number}@incident.example.com`,
  status: 'suspended',
}));

await untilReady();
await forgetSchema(); // the organization half may have been applied behind its back
await createCollections(eventHalf.collections, eventHalf.relations);
await post('/users', users);
for (const [collection, items] of Object.entries(rows)) await post(`/items/${collection}`, items);

const events = eventHalf.collections.map(({ collection }) => `${rows[collection].length} ${collection}`);
console.log(`created ${eventHalf.relations.length} relations and rows: ${events.join(', ')}`);
