// What people do: by keyboard alone, without scripts, while things change, and with a thousand rows.
import { join } from 'node:path';
import { check, expect, finish, open, start, violations } from './browser.mjs';
import { serve } from './server.mjs';

const pages = process.argv[2];
const browser = await start();

/** A check with a site of its own and one page. */
async function journey(name, scenario, options, body) {
  await check(name, async () => {
    const site = await serve(join(pages, scenario));
    const page = await open(browser, site, options);
    try {
      await body(page, site);
      return page.faults;
    } finally {
      await page.context().close();
      await site.close();
    }
  });
}
const focused = (page) => page.evaluate(() => document.activeElement?.textContent.trim() || document.activeElement?.id);
const text = (page, selector) => page.locator(selector).innerText();
const says = (page, selector, words) =>
  page.waitForFunction(([where, what]) => document.querySelector(where).textContent === what, [selector, words], { timeout: 10000 });
const live = (page) => says(page, '#live', 'Live');
const hide = (page, hidden) =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
async function streams(page, site, count) {
  for (let i = 0; i < 100 && site.streams.size !== count; i += 1) await page.waitForTimeout(20);
  expect(site.streams.size === count, `${site.streams.size} streams`);
}
/** Without what the browser itself says of requests that fail on purpose. */
const forgive = (page) => {
  page.faults = page.faults.filter((fault) => !fault.includes('Failed to load resource') && !fault.includes('ERR_'));
};
async function tabTo(page, wanted) {
  for (let i = 0; i < 80; i += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((selector) => document.activeElement?.matches(selector), wanted)) return;
  }
  throw new Error(`the keyboard does not reach ${wanted}`);
}

await journey('keyboard: from the fleet to an approval', 'normal', {}, async (page, site) => {
  await page.goto(site.url);
  await page.keyboard.press('/');
  await page.keyboard.type('state:needs-approval');
  await page.waitForFunction(() => document.querySelectorAll('#rows > tr:not([hidden])').length === 1);
  expect((await text(page, '#found')).startsWith('1 of 43'), `found says ${await text(page, '#found')}`);
  await tabTo(page, '#rows a');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/targets/trm-prod');
  await tabTo(page, 'a.primary');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/approve');
  const button = page.locator('#approve button');
  expect((await button.innerText()).includes('18\u202f204 rows'), 'the button does not say the loss');
  expect(await button.isDisabled(), 'the button works before the name is typed');
  await tabTo(page, '#reason');
  await page.keyboard.type('they are in the CRM');
  await page.keyboard.press('Tab');
  await page.keyboard.type('trm-prof');
  expect(await button.isDisabled(), 'the button works for another name');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('d');
  await page.keyboard.press('Tab');
  expect((await focused(page)) === 'Cancel', 'Cancel is not met first');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/targets/trm-prod');
  const sent = site.posts[0];
  expect(sent.path === '/targets/trm-prod/approve' && sent.form.confirm === 'trm-prod' && sent.form.reason === 'they are in the CRM', JSON.stringify(sent));
  expect(sent.form.csrf === 'c5f1' && /^[0-9a-f]{64}$/.test(sent.form.plan), 'token or plan is missing');
});

await journey('keyboard: rows, help, and the switch for single keys', 'normal', {}, async (page, site) => {
  await page.goto(site.url);
  await page.keyboard.press('j');
  expect((await focused(page)) === 'archive', `j went to ${await focused(page)}`);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  expect((await focused(page)) === 'trm-prod', `k went to ${await focused(page)}`);
  await page.keyboard.press('?');
  expect(await page.locator('#help').evaluate((dialog) => dialog.matches(':modal')), 'no help');
  expect((await violations(page)).length === 0, 'axe finds something in the help');
  await page.locator('#keys-on').uncheck();
  await page.keyboard.press('Escape');
  await page.reload();
  await page.keyboard.press('j');
  expect((await focused(page)) !== 'archive', 'j works although it is switched off');
});

await journey('the theme is kept, and there before anything is drawn', 'normal', {}, async (page, site) => {
  await page.goto(site.url);
  await page.locator('#theme').click();
  expect((await page.evaluate(() => document.documentElement.dataset.theme)) === 'dark', 'not dark');
  await page.goto(`${site.url}/targets/trm-prod`, { waitUntil: 'commit' });
  await page.waitForSelector('main');
  expect((await page.evaluate(() => document.documentElement.dataset.theme)) === 'dark', 'not kept');
  const faults = await violations(page);
  expect(faults.length === 0, faults[0]);
});

await journey('without scripts: filter, suspend, heal, approve, restore', 'normal', { javaScriptEnabled: false }, async (page, site) => {
  await page.goto(site.url);
  await page.locator('#q').fill('state:drifted');
  await page.locator('.filter button').click();
  expect(page.url().endsWith('/?q=state%3Adrifted'), page.url());
  await page.goto(`${site.url}/targets/trm-demo/drift`);
  await page.getByRole('button', { name: 'Heal 2 objects' }).click();
  await page.goto(`${site.url}/targets/trm-demo`);
  await page.getByText('Suspend…').click();
  await page.getByLabel('Reason').fill('holiday');
  await page.getByLabel('For').selectOption('1 week');
  await page.getByRole('button', { name: 'Suspend' }).click();
  await page.goto(`${site.url}/targets/trm-prod/approve`);
  await page.locator('#reason').fill('moved');
  await page.locator('#confirm').fill('trm-prod');
  await page.locator('#approve button').click();
  await page.goto(`${site.url}/targets/trm-prod/quarantine`);
  await page.getByRole('button', { name: 'Restore field clubs.fax' }).click();
  await page.goto(`${site.url}/targets/training`);
  await page.getByRole('button', { name: 'Resume' }).click();
  const sent = site.posts.map((post) => `${post.path.split('/').pop()}:${post.form.csrf}:${post.form.for ?? post.form.entry ?? ''}`);
  expect(sent.join(' ') === 'heal:c5f1: suspend:c5f1:604800 approve:c5f1: restore:c5f1:4 resume:c5f1:', sent.join(' '));
});

await journey('a row changes where it stands, and moves only when asked', 'normal', {}, async (page, site) => {
  await page.goto(site.url);
  await live(page);
  const order = () => page.evaluate(() => [...document.querySelectorAll('#rows > tr')].map((row) => row.dataset.target).join());
  const before = await order();
  await page.locator('tr[data-target="trm-prod"] a').focus();
  site.replace('/targets/trm-prod/row', '/targets/trm-prod/row-later');
  site.send('target', { target: 'trm-prod' });
  await page.waitForSelector('tr[data-target="trm-prod"][data-state="in-sync"]');
  expect((await order()) === before, 'the rows have moved');
  expect((await focused(page)) === 'trm-prod', 'the focus is lost');
  expect((await text(page, '#refresh')) === '1 changed – refresh', await text(page, '#refresh'));
  await says(page, '#announce', 'trm-prod: In sync');
});

await journey('the plan changes while somebody approves it', 'normal', {}, async (page, site) => {
  await page.goto(`${site.url}/targets/trm-prod/approve`);
  await live(page);
  await page.locator('#reason').fill('moved');
  await page.locator('#confirm').fill('trm-prod');
  expect(await page.locator('#approve button').isEnabled(), 'the button does not work');
  site.send('target', { target: 'trm-prod', plan_digest: await page.locator('#approve').getAttribute('data-plan') });
  site.send('target', { target: 'trm-prod', plan_digest: 'another' });
  await page.waitForSelector('#moved:not([hidden])');
  expect(await page.locator('#approve button').isDisabled(), 'the button works for a plan that is no more');
});

await journey('a lost connection is told, and nothing can be sent meanwhile', 'normal', {}, async (page, site) => {
  await page.goto(`${site.url}/targets/trm-prod/approve`);
  await live(page);
  await page.locator('#confirm').fill('trm-prod');
  site.stop(true);
  site.cut();
  await page.waitForSelector('#live.is-stale');
  expect((await text(page, '#live')).startsWith('Not connected since'), 'it does not say since when');
  expect(await page.locator('#approve button').isDisabled(), 'the button works on an old page');
  site.stop(false);
  await page.waitForFunction(() => document.querySelector('#live').textContent === 'Live', null, { timeout: 20000 });
  expect(await page.locator('#approve button').isEnabled(), 'the button stays off');
  forgive(page);
});

await journey('hidden pages keep no stream', 'normal', {}, async (page, site) => {
  await page.goto(site.url);
  await live(page);
  await streams(page, site, 1);
  await hide(page, true);
  await streams(page, site, 0);
  await hide(page, false);
  await streams(page, site, 1);
});

await journey('the fleet, seen again, shows what it has missed', 'normal', {}, async (page, site) => {
  await page.goto(site.url);
  await live(page);
  await page.locator('#q').fill('trm'); // the window says ?q=trm then, and all rows are still there
  await page.keyboard.press('Enter');
  await hide(page, true);
  await streams(page, site, 0);
  site.replace('/', '/later');
  await hide(page, false);
  await page.waitForSelector('tr[data-target="trm-prod"][data-state="in-sync"]', { timeout: 10000 });
  await live(page);
  expect((await text(page, '#refresh')) === '1 changed – refresh', await text(page, '#refresh'));
  expect((await page.locator('#rows > tr:visible').count()) === 3, 'the filter is forgotten');
});

await journey('rows that no longer fit what was asked change, too', 'normal', {}, async (page, site) => {
  site.replace('/?q=all', '/');
  await page.goto(`${site.url}/?q=all`);
  await live(page);
  await hide(page, true);
  site.replace('/?q=all', '/only-others');
  site.replace('/targets/trm-prod/row', '/targets/trm-prod/row-later');
  await hide(page, false);
  await page.waitForSelector('tr[data-target="trm-prod"][data-state="in-sync"]', { timeout: 10000 });
  await live(page);
});

await journey('a target, opened unseen, shows what it has missed', 'normal', {}, async (page, site) => {
  await page.addInitScript(() => Object.defineProperty(document, 'hidden', { value: true, configurable: true }));
  await page.goto(`${site.url}/targets/trm-prod`);
  site.replace('/targets/trm-prod', '/targets/trm-prod/later');
  await hide(page, false);
  await page.waitForSelector('#standing.is-in-sync', { timeout: 10000 });
  await live(page);
  expect((await text(page, '#stale')).startsWith('Something has changed'), 'it does not say that the rest is old');
});

await journey('an approval, seen again, knows the plan of now', 'normal', {}, async (page, site) => {
  await page.goto(`${site.url}/targets/trm-prod/approve`);
  await live(page);
  await page.locator('#confirm').fill('trm-prod');
  const away = async (status) => {
    await hide(page, true);
    await streams(page, site, 0);
    site.state('trm-prod', status);
    const asked = page.waitForResponse('**/api/v1/targets/trm-prod', { timeout: 10000 });
    await hide(page, false);
    await asked;
    await live(page);
  };
  await away({ plan_digest: 'of a pass before', checked: '2026-11-22T14:31:00Z' });
  expect(await page.locator('#approve button').isEnabled(), 'a plan of before the page stops it');
  await away({ plan_digest: 'another', checked: '2026-11-22T14:35:00Z' });
  expect(await page.locator('#moved').isVisible(), 'it does not say that the plan has changed');
  expect(await page.locator('#approve button').isDisabled(), 'the button works for a plan that is no more');
});

await journey('missed events are told on a target, too', 'normal', {}, async (page, site) => {
  await page.goto(`${site.url}/targets/trm-prod`);
  await live(page);
  site.send('reset', {});
  await page.waitForSelector('#stale:not([hidden])', { timeout: 10000 });
  expect((await text(page, '#stale')).startsWith('Something may have changed'), await text(page, '#stale'));
  expect(await page.getByRole('link', { name: 'Show the new state' }).isVisible(), 'there is no way to the new state');
});

await journey('time that passes is no change', 'normal', {}, async (page, site) => {
  await page.goto(`${site.url}/targets/trm-demo`);
  await live(page);
  const asked = page.waitForResponse('**/targets/trm-demo');
  site.replace('/targets/trm-demo', '/targets/trm-demo/later');
  site.send('target', { target: 'trm-demo' });
  await asked;
  await page.waitForTimeout(200);
  expect(!(await page.locator('#stale').isVisible()), await text(page, '#stale'));
  site.replace('/targets/trm-demo', '/targets/trm-prod/later');
  site.send('target', { target: 'trm-demo' });
  await page.waitForSelector('#stale:not([hidden])', { timeout: 10000 });
});

await journey('an approval works where streams are refused, and looks instead', 'normal', {}, async (page, site) => {
  await page.clock.install();
  site.refuse(true);
  await page.goto(`${site.url}/targets/trm-prod/approve`);
  await says(page, '#live', 'Looks every 15 s');
  await page.locator('#confirm').fill('trm-prod');
  expect(await page.locator('#approve button').isEnabled(), 'the button does not work');
  await page.clock.fastForward(16000);
  site.state('trm-prod', { plan_digest: 'another', checked: '2026-11-22T14:35:00Z' });
  await page.clock.fastForward(16000);
  await page.waitForSelector('#moved:not([hidden])', { timeout: 10000 });
  expect(site.refusals() === 1, `${site.refusals()} streams were asked for in half a minute`);
  site.refuse(false);
  await page.clock.fastForward(60000);
  await live(page);
  forgive(page);
});

await journey('the fleet looks where streams are refused, and says when it cannot', 'normal', {}, async (page, site) => {
  await page.clock.install();
  site.refuse(true);
  await page.goto(site.url);
  await says(page, '#live', 'Looks every 15 s');
  site.replace('/', '/later');
  await page.clock.fastForward(16000);
  await page.waitForSelector('tr[data-target="trm-prod"][data-state="in-sync"]', { timeout: 10000 });
  expect(await page.getByRole('button', { name: 'Look at all again' }).isEnabled(), 'the button does not work');
  site.stop(true);
  await page.clock.fastForward(16000);
  await page.waitForSelector('#live.is-stale', { timeout: 10000 });
  site.stop(false);
  await page.clock.fastForward(16000);
  await says(page, '#live', 'Looks every 15 s');
  forgive(page);
});

await journey('a screen reader hears one sentence in five seconds', 'normal', {}, async (page, site) => {
  await page.clock.install();
  await page.goto(site.url);
  await live(page);
  await page.clock.pauseAt(Date.now() + 60000);
  const heard = () => page.locator('#announce').textContent();
  const theme = page.locator('#theme');
  await theme.click();
  await page.clock.runFor(600);
  expect((await heard()) === 'Dark colours', `at first it says ${await heard()}`);
  for (let i = 0; i < 2; i += 1) {
    await theme.click();
    await page.clock.runFor(2000);
    expect((await heard()) === 'Dark colours', `too early it says ${await heard()}`);
  }
  await page.clock.runFor(1000);
  expect((await heard()) === 'Light colours. Dark colours', `then it says ${await heard()}`);
  await page.clock.runFor(6000);
  await theme.click();
  await page.clock.runFor(600);
  expect((await heard()) === 'Light colours', `after a while it says ${await heard()}`);
});

await journey('a thousand rows: filtered while typing, found by axe', 'large', {}, async (page, site) => {
  const begin = performance.now();
  await page.goto(site.url);
  console.log(`  a thousand rows are there after ${Math.round(performance.now() - begin)} ms`);
  expect((await page.locator('#rows > tr').count()) === 1000, 'not all rows are there');
  expect((await page.locator('.shapes li').count()) === 3, 'they are not three lines');
  const took = await page.evaluate(() => {
    const input = document.querySelector('#q');
    const from = performance.now();
    input.value = 'state:drifted';
    input.dispatchEvent(new Event('input'));
    return performance.now() - from;
  });
  console.log(`  filtering them takes ${Math.round(took)} ms`);
  expect((await page.locator('#rows > tr:visible').count()) === 1, 'the filter finds something else');
  await page.locator('#q').fill('');
  const faults = await violations(page, { 'color-contrast': { enabled: false } });
  expect(faults.length === 0, faults[0]);
});

await journey('a storm of events stays bearable', 'large', {}, async (page, site) => {
  await page.goto(site.url);
  await live(page);
  for (let i = 0; i < 250; i += 1) site.send('target', { target: `tenant_0${String(500 + (i % 5)).padStart(3, '0')}` });
  await page.locator('#q').fill('tenant_0500');
  expect((await page.locator('#rows > tr:visible').count()) === 1, 'the filter does not work meanwhile');
});

await journey('paper shows the SQL, and no buttons', 'normal', {}, async (page, site) => {
  await page.goto(`${site.url}/targets/trm-prod`);
  await page.emulateMedia({ media: 'print' });
  expect(!(await page.locator('.actions').isVisible()), 'buttons on paper');
  expect(await page.locator('.group pre.sql').first().isVisible(), 'no SQL on paper');
});

await finish(browser);
