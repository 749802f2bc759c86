// Creates TRM's collections in a running, freshly bootstrapped Directus, through its REST API.
//
//   usage: node trm-collections.mjs [all|organization|event]     env DIRECTUS, ADMIN_TOKEN: see directus-api.mjs
//
// Directus then writes the snapshot of what it has: snapshots/schema.yaml is made this way.

import { createCollections, createFields, untilReady } from './directus-api.mjs';
import { eventHalf, organizationHalf, userFields } from './trm-model.mjs';

const half = process.argv[2] ?? 'all';
if (!['all', 'organization', 'event'].includes(half)) {
  console.error('usage: node trm-collections.mjs [all|organization|event]');
  process.exit(64);
}

await untilReady();
if (half !== 'event') {
  await createFields('directus_users', userFields);
  await createCollections(organizationHalf.collections, organizationHalf.relations);
}
if (half !== 'organization') await createCollections(eventHalf.collections, eventHalf.relations);
console.log(`created: ${half}`);
