import { all, announce, fetchDocument, fetchJson, find, moments, words } from './dom.js';

const path = (target) => `/targets/${encodeURIComponent(target)}`;
const said = (row) => `${row.dataset.target}: ${find('.badge', row).textContent.replace(/^\S+\s/, '').trim()}`;

/** Rows change where they stand; they move only when somebody asks for it. */
export function fleetPage(filter) {
  const address = location.href; // as the server was asked: the filter changes what the window shows
  const refresh = find('#refresh');
  const moved = new Set();
  refresh?.addEventListener('click', () => location.reload());
  const offer = (text) => {
    if (!refresh) return;
    refresh.hidden = false;
    refresh.textContent = `${text} – refresh`;
  };
  const replace = (old, row) => {
    if (words(row) === words(old) && moments(row) === moments(old)) return;
    const fresh = document.adoptNode(row);
    const focused = old.contains(document.activeElement);
    if (fresh.dataset.state !== old.dataset.state) {
      fresh.classList.add('changed');
      moved.add(fresh.dataset.target);
      offer(`${moved.size} changed`);
      announce(said(fresh));
    }
    old.replaceWith(fresh);
    if (focused) find('th a', fresh).focus();
  };
  const renew = async (old) => {
    const row = find('tr', await fetchDocument(`${path(old.dataset.target)}/row`));
    if (row) replace(old, row);
    filter.apply();
  };
  return {
    async changed({ target }) {
      const old = all('#rows > tr').find((row) => row.dataset.target === target);
      if (old) await renew(old);
    },
    async look() {
      const page = await fetchDocument(address);
      if (page.body.dataset.live !== 'fleet') throw new Error('another page'); // to sign in, say
      const rows = new Map(all('#rows > tr', page).map((row) => [row.dataset.target, row]));
      const elsewhere = [];
      for (const old of all('#rows > tr')) {
        const row = rows.get(old.dataset.target);
        if (row) replace(old, row);
        else elsewhere.push(old); // it has come to another page, or no longer fits what was asked
      }
      filter.apply();
      for (const old of elsewhere) await renew(old).catch(() => {}); // a target that is no more has no row
    },
    missed: () => offer('Events were missed'),
  };
}

/** The sentence is replaced; the rest of the page only when somebody asks for it. */
export function targetPage(target, approval) {
  const made = document.body.dataset.now;
  const offer = (text) => {
    const note = find('#stale');
    if (!note?.hidden) return;
    const link = document.createElement('a');
    link.href = location.href;
    link.textContent = 'Show the new state';
    note.append(`${text} since this page was made. `, link);
    note.hidden = false;
  };
  const changed = async (status) => {
    if (status.target !== target) return;
    if (status.plan_digest !== undefined) approval.changed(status.plan_digest);
    const before = find('#standing');
    if (!before) return;
    const fresh = find('#standing', await fetchDocument(path(target))); // the same on every tab, and cheapest here
    if (!fresh) return;
    const differs = words(fresh) !== words(before);
    if (!differs && moments(fresh) === moments(before)) return;
    const headline = (standing) => find('.headline', standing).firstChild.nextSibling?.textContent;
    const another = headline(fresh) !== headline(before);
    before.replaceWith(document.adoptNode(fresh));
    if (differs) offer('Something has changed');
    if (another) announce(`Now: ${find('.headline', document).textContent}`);
  };
  return {
    changed,
    async look() {
      const status = await fetchJson(`/api/v1${path(target)}`);
      // A form's plan is made with its page: that of a pass before it says nothing of it.
      if (!(status.checked > made)) delete status.plan_digest;
      await changed(status);
    },
    missed: () => offer('Something may have changed'),
  };
}
