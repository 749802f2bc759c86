export const find = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const settling = 500; // what belongs together comes closely
const pause = 5000;
let waiting = [];
let timer = 0;
let last = -pause;

function tell() {
  find('#announce').textContent = waiting.length > 3 ? `${waiting.length} changes` : waiting.join('. ');
  waiting = [];
  timer = 0;
  last = performance.now();
}

/** Tells a screen reader, politely: at most one sentence in five seconds, of everything that waits by then. */
export function announce(text) {
  if (!waiting.includes(text)) waiting.push(text);
  if (!timer) timer = setTimeout(tell, Math.max(settling, last + pause - performance.now()));
}

/** What an element says but for its times: "12 s ago" is counted on both sides, each for itself. */
export function words(element) {
  const copy = element.cloneNode(true);
  for (const time of all('time', copy)) time.remove();
  return copy.textContent;
}

/** The times that an element names, as they are whenever they are read. */
export const moments = (element) => all('time', element).map((time) => time.dateTime).join();

/**
 * The page at `path` as a document of its own. The browser reads it as one, so no text is ever turned into markup here
 * (and Trusted Types have nothing to object to).
 */
export function fetchDocument(path) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', path);
    request.responseType = 'document';
    request.timeout = 20000;
    request.onload = () => (request.status === 200 && request.response ? resolve(request.response) : reject(new Error(String(request.status))));
    request.onerror = request.ontimeout = () => reject(new Error('no answer'));
    request.send();
  });
}

/** What the API answers at `path`. */
export async function fetchJson(path) {
  const response = await fetch(path, { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(20000) });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is switched off: it holds until the page is left.
  }
}

export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
