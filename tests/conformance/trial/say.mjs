// The lines of a suite, as tests/support/suite.bash defines them, and the parts of a trial that they are made from.

let failed = false;
let anything = false;
const say = (line) => {
  anything = true;
  console.log(line);
};

export const ok = (name) => say(`ok ${name}`);
export const skip = (name, why) => say(`skip ${name} - ${why}`);
export function notOk(name, why) {
  failed = true;
  say(`not ok ${name} - ${why}`);
}
export const exitCode = () => (failed || !anything ? 1 : 0);

// What a trial found wrong. `details` are lines for a person; the message alone has to make sense in a summary.
export class Wrong extends Error {
  constructor(message, details = []) {
    super(message);
    this.details = details;
  }
}

const shown = 25;

// trial NAME FUNCTION: one line, whatever becomes of it. The function may return a note, which is said with an "ok".
export async function trial(name, run) {
  try {
    const note = await run();
    ok(note ? `${name} (${note})` : name);
    return true;
  } catch (error) {
    if (!(error instanceof Wrong)) {
      console.log(error.stack);
      notOk(name, `the trial itself broke: ${error.message.split('\n')[0]}`);
      return false;
    }
    for (const line of error.details.slice(0, shown)) console.log(`  ${line}`);
    if (error.details.length > shown) console.log(`  … and ${error.details.length - shown} more`);
    notOk(name, error.message);
    return false;
  }
}

// The first lines in which two texts differ, with where they are.
export function differingLines(expected, actual) {
  const [wanted, found] = [expected.split('\n'), actual.split('\n')];
  const lines = [];
  for (let at = 0; at < Math.max(wanted.length, found.length) && lines.length < 2 * shown; at++) {
    if (wanted[at] === found[at]) continue;
    lines.push(`line ${at + 1}: - ${wanted[at] ?? '(nothing)'}`, `line ${at + 1}: + ${found[at] ?? '(nothing)'}`);
  }
  return lines;
}

export function mustBeSame(what, expected, actual) {
  if (expected === actual) return;
  const lines = differingLines(expected, actual);
  throw new Wrong(`${what}: ${lines[0]}`, ['- expected, + is', ...lines]);
}

// Runs jobs so many at a time, in their order.
export async function inParallel(count, jobs) {
  const waiting = jobs[Symbol.iterator]();
  const work = async () => {
    for (const job of waiting) await job();
  };
  await Promise.all(Array.from({ length: count }, work));
}
