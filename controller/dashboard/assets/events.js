import { all, announce, fetchDocument, find, moments, words } from './dom.js';

const path = (target) => `/targets/${encodeURIComponent(target)}`;
const clock = () => new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

/** What is shown of the stream: live, or since when no longer. Old pages must not act. */
function indicator(approval) {
  const live = find('#live');
  live.hidden = false;
  return {
    fresh() {
      live.textContent = 'Live';
      live.classList.remove('is-stale');
      approval.stale(false);
      for (const button of all('button[data-was-on]')) {
        button.disabled = false;
        delete button.dataset.wasOn;
      }
    },
    stale() {
      if (live.classList.contains('is-stale')) return;
      live.textContent = `Stale since ${clock()}`;
      live.classList.add('is-stale');
      announce('The connection is lost. What is shown may be old');
      approval.stale(true);
      for (const button of all('form[method="post"]:not(#approve) button:not(:disabled)')) {
        button.disabled = true;
        button.dataset.wasOn = 'yes';
      }
    },
  };
}

const said = (row) => `${row.dataset.target}: ${find('.badge', row).textContent.replace(/^\S+\s/, '').trim()}`;

/** Rows change where they stand; they move only when somebody asks for it. */
function fleetPage(filter) {
  const refresh = find('#refresh');
  const moved = new Set();
  refresh?.addEventListener('click', () => location.reload());
  const changed = async (status) => {
    const old = all('#rows > tr').find((row) => row.dataset.target === status.target);
    if (!old) return;
    const row = find('tr', await fetchDocument(`${path(status.target)}/row`));
    if (!row) return;
    const fresh = document.adoptNode(row);
    const focused = old.contains(document.activeElement);
    if (fresh.dataset.state !== old.dataset.state) {
      fresh.classList.add('changed');
      moved.add(status.target);
      refresh.hidden = false;
      refresh.textContent = `${moved.size} changed – refresh`;
      announce(said(fresh));
    }
    old.replaceWith(fresh);
    if (focused) find('th a', fresh).focus();
    filter.apply();
  };
  const missed = () => {
    if (!refresh) return;
    refresh.hidden = false;
    refresh.textContent = 'Events were missed – refresh';
  };
  return { changed, missed };
}

/** The sentence is replaced; the rest of the page only when somebody asks for it. */
function targetPage(target, approval) {
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
    const fresh = find('#standing', await fetchDocument(location.href));
    if (!fresh) return;
    const differs = words(fresh) !== words(before);
    if (!differs && moments(fresh) === moments(before)) return;
    const headline = (standing) => find('.headline', standing).firstChild.nextSibling?.textContent;
    const another = headline(fresh) !== headline(before);
    before.replaceWith(document.adoptNode(fresh));
    if (differs) offer('Something has changed');
    if (another) announce(`Now: ${find('.headline', document).textContent}`);
  };
  return { changed, missed: () => offer('Something may have changed') };
}

/** One stream while the page is seen, none while it is not: browsers allow six to one server. */
export function startEvents({ filter, approval }) {
  const { stream, live } = document.body.dataset;
  if (!stream || !live || !window.EventSource) return;
  const shown = indicator(approval);
  const page = live === 'fleet' ? fleetPage(filter) : targetPage(live.slice('target:'.length), approval);
  // The newest status of each target; one at a time is fetched, so a storm of events asks no more often than it answers.
  const pending = new Map();
  let busy = false;
  const work = async () => {
    if (busy) return;
    busy = true;
    while (pending.size > 0) {
      const [target, status] = pending.entries().next().value;
      pending.delete(target);
      try {
        await page.changed(status);
      } catch {
        // The row stays as it is; the next event tries again.
      }
    }
    busy = false;
  };
  let source = null;
  const close = () => {
    source?.close();
    source = null;
  };
  const open = () => {
    if (source) return;
    source = new EventSource(stream);
    source.addEventListener('open', shown.fresh);
    source.addEventListener('error', () => {
      shown.stale();
      if (source?.readyState === EventSource.CLOSED) {
        close();
        setTimeout(() => document.hidden || open(), 5000);
      }
    });
    source.addEventListener('target', (event) => {
      const status = JSON.parse(event.data);
      pending.set(status.target, status);
      work();
    });
    source.addEventListener('reset', page.missed);
  };
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  window.addEventListener('pagehide', close);
  if (!document.hidden) open();
}
