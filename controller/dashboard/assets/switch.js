import { announce, find, remember } from './dom.js';

const root = document.documentElement;
const dark = () => root.dataset.theme === 'dark' || (!root.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);

/** The button that switches between light and dark. */
export function startSwitch() {
  const button = find('#theme');
  const label = () => {
    button.textContent = dark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', dark() ? 'Switch to light colours' : 'Switch to dark colours');
  };
  button.hidden = false;
  label();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', label);
  button.addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    remember('theme', root.dataset.theme);
    label();
    announce(`${dark() ? 'Dark' : 'Light'} colours`);
  });
}
