// What somebody does in Directus' app who changes nothing of the schema: logs in, looks around, works on a row.
//
//   usage: node session.mjs          env DIRECTUS, ADMIN_EMAIL, ADMIN_PASSWORD, ADMIN_TOKEN: see directus-api.mjs

import { forgetSchema, get, post, untilReady } from './directus-api.mjs';

await untilReady();
await post('/auth/login', { email: process.env.ADMIN_EMAIL, password: process.env.ADMIN_PASSWORD });
await forgetSchema();
const collections = await get('/collections');
await get('/fields');
await get('/relations');
const { id } = await post('/items/organizations', { name: 'Session Club', slug: `session-${Date.now()}` });
await get(`/items/organizations/${id}`);
console.log(`saw ${collections.length} collections`);
