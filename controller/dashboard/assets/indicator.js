import { all, announce, find } from './dom.js';

const clock = () => new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

/** What is shown of the connection. Pages that nobody keeps up to date must not act. */
export function startIndicator(approval, period) {
  const live = find('#live');
  const lost = () => live.classList.contains('is-stale');
  const fresh = (words) => {
    live.textContent = words;
    live.hidden = false;
    if (!lost()) return;
    live.classList.remove('is-stale');
    approval.stale(false);
    for (const button of all('button[data-was-on]')) {
      button.disabled = false;
      delete button.dataset.wasOn;
    }
  };
  return {
    /** Nothing is known yet, or any more. */
    unknown() {
      if (!lost()) live.hidden = true;
    },
    live: () => fresh('Live'),
    looking: () => fresh(`Looks every ${period / 1000} s`),
    lost() {
      if (lost()) return;
      live.textContent = `Not connected since ${clock()}`;
      live.classList.add('is-stale');
      live.hidden = false;
      announce('The connection is lost. What is shown may be old');
      approval.stale(true);
      for (const button of all('form[method="post"]:not(#approve) button:not(:disabled)')) {
        button.disabled = true;
        button.dataset.wasOn = 'yes';
      }
    },
  };
}
