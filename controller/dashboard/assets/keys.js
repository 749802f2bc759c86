import { all, find, recall, remember } from './dom.js';

const typing = (element) => element.closest('input, textarea, select, [contenteditable]') !== null;

function step(by) {
  const links = all('#rows > tr:not([hidden]) th a, .steps summary, .drifts summary');
  if (links.length === 0) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
  links[next].focus();
}

/** Single keys, which can be switched off. None of them applies or approves anything. */
export function startKeys() {
  const help = find('#help');
  const enabled = find('#keys-on');
  const button = find('#keys');
  button.hidden = false;
  button.addEventListener('click', () => help.showModal());
  enabled.checked = recall('keys') !== 'off';
  enabled.addEventListener('change', () => remember('keys', enabled.checked ? 'on' : 'off'));
  const actions = {
    '/': () => find('#q, input[name="object"]')?.focus(),
    g: () => location.assign('/'),
    j: () => step(1),
    k: () => step(-1),
    '?': () => help.showModal(),
  };
  document.addEventListener('keydown', (event) => {
    if (!enabled.checked || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (typing(event.target) || find('dialog[open]')) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
