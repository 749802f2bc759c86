import { all, announce, find } from './dom.js';

/** Buttons that copy the command beside them. */
export function startCopying() {
  if (!navigator.clipboard) return; // only pages over https or from this machine have it
  for (const button of all('.copy')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const text = find('code', button.parentElement).textContent;
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = 'Copied';
        announce('Copied');
      } catch {
        button.textContent = 'Not allowed';
      }
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2000);
    });
  }
}
