// The running controller, as somebody sees it who logs in: every view, light and dark, in the widest and the narrowest
// window, with axe. Its pictures are those of the documentation.
//
//   usage: controller.mjs ADDRESS TOKEN [FOLDER]     of tests/browser/controller; writes pictures into FOLDER
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, expect, finish, open, overflow, start, violations } from './browser.mjs';
import { squeezed } from './picture.mjs';

const [, , url, token, folder] = process.argv;
const browser = await start();
const cookies = [];

await check('controller: mia logs in', async () => {
  const page = await open(browser, { url });
  await page.goto(url);
  expect(page.url().includes('/login'), `somebody without a token sees ${page.url()}`);
  const faults = await violations(page);
  await page.locator('input[name=token]').fill(token);
  await page.keyboard.press('Enter');
  await page.waitForURL((address) => address.pathname === '/');
  cookies.push(...(await page.context().cookies()));
  await page.context().close();
  return [...faults, ...page.faults];
});

/** A page of mia's at this path, once it says that it is live. */
async function visit(path, options = {}) {
  const page = await open(browser, { url }, options);
  await page.context().addCookies(cookies);
  await page.goto(url + path);
  await page.waitForFunction(() => document.querySelector('#live')?.textContent === 'Live');
  return page;
}

const prod = '/targets/trm-prod';
// What a view has to show besides itself: pages that are empty are looked at with the fixtures.
const views = [
  { path: '/', says: ['trm-prod', 'tenant_wales', 'archive'] },
  { path: prod, says: ['slug', 'Events and entries'] },
  { path: `${prod}/diagram`, says: ['entry_crew', 'organizations'] },
  { path: `${prod}/approve`, says: ['48 rows'] },
  { path: `${prod}/history`, says: ['Nobody has a fax'] },
  { path: `${prod}/blame?object=organizations.slug`, says: ['made it so', 'snapshots/schema.yaml'] },
  { path: `${prod}/quarantine`, says: ['organizations.fax'] },
  { path: '/targets/trm-demo', says: ['organizations.name is altered'] },
  { path: '/targets/trm-demo/drift', says: ['organizations.name', 'garage', 'scratch'] },
  { path: '/targets/training', says: ['a course until Friday'] },
  { path: '/targets/archive', says: ['does not exist'] },
  { path: '/targets/tenant_wales', says: [] },
];
for (const { path, says } of views) {
  for (const [colorScheme, width] of [['light', 1440], ['dark', 360]]) {
    await check(`controller: ${path} ${colorScheme}`, async () => {
      const page = await visit(path, { colorScheme, viewport: { width, height: 900 } });
      const text = await page.locator('body').textContent();
      const missing = says.filter((words) => !text.includes(words)).map((words) => `it does not say ${words}`);
      const faults = [...missing, ...(await violations(page)), ...(await overflow(page)), ...page.faults];
      await page.context().close();
      return faults;
    });
  }
}

for (const path of ['/', prod]) {
  await check(`controller: ${path} looks where it follows no stream`, async () => {
    const page = await open(browser, { url });
    await page.context().addCookies(cookies);
    await page.route('**/api/v1/events', (route) => route.fulfill({ status: 429, contentType: 'text/plain', body: 'too many' }));
    await page.goto(url + path);
    await page.waitForFunction(() => document.querySelector('#live').textContent === 'Looks every 15 s');
    const faults = await violations(page);
    await page.context().close();
    return [...faults, ...page.faults.filter((fault) => !fault.includes('Failed to load resource'))];
  });
}

const pictures = [
  { name: 'fleet', path: '/', height: 740 },
  { name: 'fleet-dark', path: '/', height: 740, colorScheme: 'dark' },
  { name: 'fleet-phone', path: '/', width: 390, height: 900 },
  { name: 'plan', path: prod, height: 960 },
  { name: 'diagram', path: `${prod}/diagram`, width: 1120, height: 760, from: '.tabs' },
  { name: 'drift', path: '/targets/trm-demo/drift', height: 1000 },
  { name: 'approve', path: `${prod}/approve`, height: 860 },
  { name: 'history', path: `${prod}/history`, height: 900, colorScheme: 'dark' },
  { name: 'blame', path: `${prod}/blame?object=organizations.slug`, height: 1000 },
  { name: 'quarantine', path: `${prod}/quarantine`, height: 860 },
  { name: 'failure', path: '/targets/archive', height: 900, colorScheme: 'dark' },
];
for (const { name, path, from, width = 1000, height, colorScheme = 'light' } of folder ? pictures : []) {
  await check(`controller: a picture of ${name}`, async () => {
    const page = await visit(path, { colorScheme, viewport: { width, height } });
    if (from) await page.locator(from).evaluate((element) => window.scrollTo(0, element.offsetTop - 64));
    const picture = squeezed(await page.screenshot());
    await page.context().close();
    writeFileSync(join(folder, `${name}.png`), picture);
    expect(picture.length <= 150_000, `${name}.png has ${picture.length} bytes, and 150000 are what a repository should carry`);
  });
}
await finish(browser);
