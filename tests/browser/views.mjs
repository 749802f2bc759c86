// Every view × {empty, normal, worst} × light and dark × three widths, forced colours and paper: no violation of axe or of
// the policy, no error, no request to elsewhere, nothing wider than the window.
import { join } from 'node:path';
import { check, finish, open, overflow, start, violations } from './browser.mjs';
import { serve } from './server.mjs';

const pages = process.argv[2];
const browser = await start();
// A target of each kind is enough: a row of the fleet has a page like its neighbour's.
const kinds = { normal: /^\/(targets\/((trm-prod)(\/(?!row|later).*)?|trm-demo(\/drift)?|archive|training))?$/, empty: /^\/(login|targets\/.*)?$/, worst: /^\/(login|errors\/(404|503)|targets\/.*)?$/ };


/** One page in all widths; axe has its say in the narrowest and the widest. */
async function look(site, address, colorScheme) {
  const page = await open(browser, site, { colorScheme });
  const faults = [];
  const note = (place, found) => faults.push(...found.map((fault) => `${place} ${colorScheme}: ${fault}`));
  try {
    await page.goto(site.url + address);
    for (const width of [360, 1024, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      note(`${width} px`, await overflow(page));
      if (width === (colorScheme === 'dark' ? 360 : 1440)) note(`${width} px`, await violations(page));
    }
    await page.emulateMedia({ forcedColors: 'active' });
    note('forced colours', await overflow(page));
    await page.emulateMedia({ media: 'print', forcedColors: 'none' });
    note('paper', await overflow(page));
    note('all', page.faults);
    return faults;
  } finally {
    await page.context().close();
  }
}

const tasks = [];
for (const [scenario, wanted] of Object.entries(kinds)) {
  const site = await serve(join(pages, scenario));
  for (const address of site.addresses.filter((one) => wanted.test(one) && !one.endsWith('/row'))) {
    const shown = decodeURIComponent(address).replaceAll(/[^\x20-\x7e]/g, '?');
    tasks.push(() => check(`view ${scenario} ${shown}`, async () => [...(await look(site, address, 'light')), ...(await look(site, address, 'dark'))]));
  }
}
// A few at a time: most of it is waiting for the browser.
const work = async () => {
  for (let task = tasks.shift(); task; task = tasks.shift()) await task();
};
await Promise.all([work(), work(), work()]);
await finish(browser);
