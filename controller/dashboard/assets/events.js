import { startIndicator } from './indicator.js';
import { fleetPage, targetPage } from './live.js';

const period = 15000; // of looks where there is no stream
const pause = 60000; // until a stream that was refused is asked for again
const everything = Symbol('everything');

/** One stream while the page is seen, none while it is not: browsers allow six to one server. Without one, looks. */
export function startEvents({ filter, approval }) {
  const { stream, live } = document.body.dataset;
  if (!stream || !live || !window.EventSource) return;
  const shown = startIndicator(approval, period);
  const page = live === 'fleet' ? fleetPage(filter) : targetPage(live.slice('target:'.length), approval);
  let source = null;
  let again = 0;
  // Whether something may have happened that no event of this stream has told.
  let behind = document.hidden;
  let broken = false;
  const following = () => source?.readyState === EventSource.OPEN;

  const look = async () => {
    behind = !following();
    try {
      await page.look();
    } catch {
      behind = true;
      return shown.lost();
    }
    return behind ? shown.looking() : shown.live();
  };

  // The newest status of each target; one at a time is fetched, so a storm of events asks no more often than it answers.
  const pending = new Map();
  let busy = false;
  const work = async (target, status) => {
    pending.set(target, status);
    if (busy) return;
    busy = true;
    while (pending.size > 0) {
      const [next, newest] = pending.entries().next().value;
      pending.delete(next);
      try {
        await (next === everything ? look() : page.changed(newest));
      } catch {
        // The row stays as it is; the next event tries again.
      }
    }
    busy = false;
  };
  const catchUp = () => work(everything);

  const close = () => {
    source?.close();
    source = null;
    behind = true;
  };
  const open = () => {
    if (source) return;
    clearTimeout(again);
    source = new EventSource(stream);
    source.addEventListener('open', () => {
      broken = false;
      if (behind) catchUp();
      else shown.live();
    });
    source.addEventListener('error', () => {
      // A browser tries again by itself what broke off, but not what was refused.
      if (source?.readyState === EventSource.CLOSED) {
        close();
        again = setTimeout(() => document.hidden || open(), pause);
      }
      behind = true;
      if (!broken) catchUp();
      broken = true; // until it is open, the clock says when to look
    });
    source.addEventListener('target', (event) => {
      const status = JSON.parse(event.data);
      work(status.target, status);
    });
    source.addEventListener('reset', page.missed);
  };
  setInterval(() => {
    if (!document.hidden && (behind || !following())) catchUp();
  }, period);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return close();
    broken = false;
    shown.unknown();
    return open();
  });
  window.addEventListener('pagehide', close);
  if (!document.hidden) open();
}
