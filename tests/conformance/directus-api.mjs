// A client of a running Directus, as small as the conformance scripts need it.
//
// env DIRECTUS      address of the server (default http://127.0.0.1:8055)
// env ADMIN_TOKEN   static token of its admin (default: the one directus-env sets)

const server = process.env.DIRECTUS ?? 'http://127.0.0.1:8055';
const token = process.env.ADMIN_TOKEN ?? 'admintoken';

async function call(method, path, body) {
  const response = await fetch(server + path, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text).data : undefined;
}

export const get = (path) => call('GET', path);
export const post = (path, body) => call('POST', path, body);

// A running Directus keeps what it knew of the schema in its process. After another process changed the database,
// it answers 403 for a new collection until the *system* cache is cleared.
export const forgetSchema = () => post('/utils/cache/clear?system');

// `directus start` returns nothing when it is ready, so ask until it answers.
export async function untilReady(seconds = 60) {
  for (const deadline = Date.now() + seconds * 1000; ; await new Promise((wake) => setTimeout(wake, 250))) {
    try {
      return await get('/users/me');
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`no Directus at ${server} after ${seconds} s: ${error.message}`);
    }
  }
}

// Creates collections and then their relations, in the order given: Directus numbers fields as they come, and its
// snapshot lists them by that number.
export async function createCollections(collections, relations) {
  for (const { collection, meta, fields } of collections) {
    await post('/collections', {
      collection,
      meta,
      schema: {},
      fields: fields.map((field, index) => ({ ...field, meta: { ...field.meta, sort: index + 1 } })),
    });
  }
  for (const relation of relations) await createRelation(relation);
}

// A relation may also be shown from its other side, as a list; that list is a field without a column.
async function createRelation({ collection, field, related_collection, on_delete, one_field = null }) {
  if (one_field) {
    await post(`/fields/${related_collection}`, {
      field: one_field,
      type: 'alias',
      meta: { interface: 'list-o2m', special: ['o2m'] },
      schema: null,
    });
  }
  await post('/relations', { collection, field, related_collection, meta: { one_field }, schema: { on_delete } });
}

export async function createFields(collection, fields) {
  for (const [index, field] of fields.entries()) {
    await post(`/fields/${collection}`, { ...field, meta: { ...field.meta, sort: index + 1 } });
  }
}
