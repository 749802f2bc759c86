// What the suites share: one Chromium, pages that report what must not happen, and one line a check.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Grey edges of letters, whatever screen there is: pictures are the same everywhere, and smaller.
const settings = ['--disable-lcd-text', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])];
export const start = () => chromium.launch({ executablePath: process.env.BROWSER_PROGRAM ?? '/usr/bin/chromium', args: settings });

let failed = 0;

/** Prints ok, or not ok and why: what `body` throws, or the faults it returns. */
export async function check(name, body) {
  let faults;
  try {
    faults = (await body()) ?? [];
  } catch (error) {
    faults = [String(error.message ?? error).split('\n')[0]];
  }
  if (faults.length === 0) return console.log(`ok ${name}`);
  failed += 1;
  console.log(`not ok ${name} - ${faults.length > 1 ? `${faults.length} faults, the first: ` : ''}${String(faults[0]).replaceAll('\n', ' ')}`);
  for (const fault of faults.slice(1, 8)) console.log(`  ${fault}`);
}

export function expect(condition, message) {
  if (!condition) throw new Error(message);
}

export async function finish(browser) {
  await browser.close();
  process.exit(failed > 0 ? 1 : 0);
}

/** A page whose `faults` fill with violations of the policy, errors, and requests to elsewhere. */
export async function open(browser, site, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => page.faults.push(`script: ${error}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(site.url)) page.faults.push(`request to ${request.url()}`);
  });
  page.on('dialog', (dialog) => {
    page.faults.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  return page;
}

/** axe on the page as it is. Its source is evaluated: a script element would be refused by the policy. */
export async function violations(page, rules = {}) {
  await page.evaluate(axe);
  const found = await page.evaluate((off) => window.axe.run(document, { resultTypes: ['violations'], rules: off }), rules);
  return found.violations.flatMap((violation) =>
    violation.nodes.slice(0, 3).map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.any.concat(node.all, node.none)[0]?.message ?? violation.help}`),
  );
}

/** Whether the page is wider than its window: what scrolls has to do so in a frame of its own. */
export const overflow = (page) =>
  page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    return document.documentElement.scrollWidth > room ? [`${document.documentElement.scrollWidth} px of content in ${room} px`] : [];
  });
