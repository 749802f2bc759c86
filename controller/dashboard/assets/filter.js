import { all, find } from './dom.js';

// As matching() in controller/dashboard/fleet_groups.cc has it.
function fits(row, word) {
  const data = row.dataset;
  if (word.startsWith('state:')) return data.state === word.slice(6);
  if (word.startsWith('env:')) return data.env.toLowerCase() === word.slice(4);
  if (word.startsWith('fleet:')) return data.fleet.toLowerCase() === word.slice(6);
  if (word.startsWith('schema:')) return data.schema.startsWith(word.slice(7));
  return data.target.toLowerCase().includes(word);
}

/** Filters the rows while somebody types, where all of them are on this page; otherwise the form asks the server. */
export function startFilter() {
  const input = find('#q');
  if (!input || input.dataset.whole !== 'yes') return { apply() {} };
  const found = find('#found');
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = all('#rows > tr');
    let shown = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => fits(row, word));
      if (!row.hidden) shown += 1;
    }
    found.textContent = `${shown} of ${rows.length} ${rows.length === 1 ? 'target' : 'targets'}`;
  };
  input.addEventListener('input', apply);
  input.form.addEventListener('submit', (event) => {
    event.preventDefault();
    apply();
    const query = input.value.trim();
    history.replaceState(null, '', query ? `/?q=${encodeURIComponent(query)}` : '/');
  });
  if (input.value) apply(); // the browser brought it back
  return { apply };
}
