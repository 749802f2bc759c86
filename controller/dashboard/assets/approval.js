import { announce, find } from './dom.js';

/** The form that lets a loss through: its button works once the target's name is typed, and while the plan is the one shown. */
export function startApproval() {
  const form = find('#approve');
  if (!form) return { changed() {}, stale() {} };
  const button = find('button.danger', form);
  const confirmation = find('#confirm', form);
  let moved = false;
  let stale = false;
  const update = () => {
    button.disabled = moved || stale || confirmation.value.trim() !== form.dataset.target;
  };
  confirmation.addEventListener('input', update);
  update();
  return {
    /** The plan of now, by its digest. */
    changed(digest) {
      if (digest === form.dataset.plan || moved) return;
      moved = true;
      update();
      find('#moved').hidden = false;
      announce('The plan has changed. This one can no longer be approved');
    },
    stale(now) {
      stale = now;
      update();
    },
  };
}
