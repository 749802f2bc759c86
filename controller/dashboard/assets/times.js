import { all, find } from './dom.js';

// As controller/dashboard/times.cc has it.
function span(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

/** Keeps "12 s ago" true. The server's clock counts: only what has passed since is measured here. */
export function startTimes() {
  const loaded = performance.now();
  const then = Date.parse(document.body.dataset.now);
  if (Number.isNaN(then)) return;
  const update = () => {
    const now = then + performance.now() - loaded;
    for (const time of all('time[title]')) {
      const age = Math.floor((now - Date.parse(time.dateTime)) / 1000);
      if (Number.isNaN(age) || Math.abs(age) >= 31 * 86400) continue;
      const words = age < 0 ? `in ${span(-age)}` : `${span(age)} ago`;
      if (time.textContent !== words) time.textContent = words;
    }
  };
  setInterval(() => {
    if (!document.hidden) update();
  }, 5000);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) update();
  });
  find('footer').dataset.ticking = 'yes';
}
