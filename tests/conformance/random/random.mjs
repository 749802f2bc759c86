// Random choices that a seed decides, the same on every machine.

export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
    for (let warm = 0; warm < 8; warm++) this.next(); // small seeds begin alike
  }

  // mulberry32: at least 0, less than 1.
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  below = (limit) => Math.floor(this.next() * limit);
  between = (least, most) => least + this.below(most - least + 1);
  chance = (probability) => this.next() < probability;
  pick = (list) => list[this.below(list.length)];
  maybe = (probability, value, otherwise = null) => (this.chance(probability) ? value() : otherwise);
  times = (least, most, make) => Array.from({ length: this.between(least, most) }, (_, at) => make(at));

  shuffle(list) {
    const left = [...list];
    return list.map(() => left.splice(this.below(left.length), 1)[0]);
  }
}
