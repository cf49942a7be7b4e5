/*
 * Which known words a typed word stands for; `platform/intake/words/spelling.py` says how and why.
 */
const SHORTEST = 4;
const LONG = 8;
/** Slips in one word. */
const MAX_EDITS = 2;
/** Longer ones are not taken apart: nobody writes whole sentences without a space. */
const LONGEST_PARTED = 100;
const REMEMBERED = 20_000;

const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/ph/g, 'f'],
  [/^ll/g, 'y'],
  [/qu(?=[ei])/g, 'k'],
  [/c(?=[eiy])/g, 's'],
  [/c(?!h)|q/g, 'k'],
  [/z/g, 's'],
  [/v/g, 'b'],
  [/g(?=[ei])/g, 'j'],
  [/(.)\1+/g, '$1'],
];

/** A word by its sound, in which c/k/q, s/z, b/v, g/j, a first ll/y and doubled letters are one. */
export const sound = (word: string): string =>
  SOUNDS.reduce((heard, [pattern, put]) => heard.replaceAll(pattern, put), word);

/** How many letters were added, left out, changed or swapped; `most + 1` when it is more than `most`. */
export function slips(left: string, right: string, most: number): number {
  if (Math.abs(left.length - right.length) > most) return most + 1;
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, place) => place);
  for (let i = 1; i <= left.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= right.length; j++) {
      let cost = Math.min(
        at(above, j) + 1,
        at(row, j - 1) + 1,
        at(above, j - 1) + Number(left[i - 1] !== right[j - 1]),
      );
      const swapped =
        i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (swapped) cost = Math.min(cost, at(before, j - 2) + 1);
      row.push(cost);
    }
    if (Math.min(...row) > most) return most + 1;
    before = above;
  }
  return Math.min(at(row, right.length), most + 1);
}

const at = (row: readonly number[], place: number): number => row[place] ?? 0;

/** Known words (`word`), known beginnings (`suicid*`), and ordinary words that stand for nothing else. */
export class Speller {
  private readonly words = new Set<string>();
  private readonly beginnings: string[] = [];
  private readonly byBegin = new Map<string, { word: string; heard: string }[]>();
  private readonly begun = new Map<string, { word: string; heard: string }[]>();
  private readonly memory = new Map<string, readonly string[]>();

  constructor(
    known: ReadonlySet<string>,
    private readonly ordinary: ReadonlySet<string>,
  ) {
    for (const word of [...known].sort()) {
      if (word.endsWith('*')) {
        this.beginnings.push(word);
        const heard = sound(word.slice(0, -1));
        put(this.begun, heard.charAt(0), { word, heard });
        continue;
      }
      this.words.add(word);
      if (word.length < SHORTEST || word.startsWith('#')) continue;
      const heard = sound(word);
      put(this.byBegin, `${unaspirated(heard).charAt(0)}${heard.length}`, { word, heard });
    }
  }

  /** What a typed word may mean. Two words written as one give both, with a space between them. */
  standsFor(word: string): readonly string[] {
    const known = this.memory.get(word);
    if (known) return known;
    if (this.memory.size > REMEMBERED) this.memory.clear();
    const found = this.lookUp(word);
    this.memory.set(word, found);
    return found;
  }

  private lookUp(word: string): string[] {
    const begun = this.beginnings.filter((each) => word.startsWith(each.slice(0, -1)));
    if (this.words.has(word)) {
      // Where both are known, more than one is also one: "cacahuates" is found where "cacahuate" is meant.
      const singular = word.endsWith('s')
        ? [word.slice(0, -1)].filter((one) => this.words.has(one))
        : [];
      return [word, ...singular, ...begun];
    }
    if (this.ordinary.has(word) || word.length < SHORTEST) return begun;
    const near = this.near(word);
    if (begun.length > 0) {
      // "insuline" begins as `insulin*` and means "insulin"; "screaming" (`scream*`) is no "screening".
      const stems = begun.map((each) => each.slice(0, -1));
      return [
        ...begun,
        ...near.filter(
          (each) => !each.endsWith('*') && stems.some((stem) => each.startsWith(stem)),
        ),
      ];
    }
    if (near.length > 0 || word.length > LONGEST_PARTED) return near;
    return this.parted(word, new Set());
  }

  private near(word: string): string[] {
    const heard = sound(word);
    const near: string[] = [];
    for (const letter of new Set(unaspirated(heard).slice(0, 2))) {
      for (let length = heard.length - MAX_EDITS; length <= heard.length + MAX_EDITS; length++) {
        const all = this.byBegin.get(`${letter}${length}`) ?? [];
        near.push(...all.filter((known) => alike(heard, known.heard)).map((known) => known.word));
      }
    }
    const begun = (this.begun.get(heard.charAt(0)) ?? [])
      .filter((each) => beginsLike(heard, each.heard))
      .map((each) => each.word);
    return [...near, ...begun];
  }

  /**
   * Known words written as one. `hopeless` are the tails known to have no split: each is tried once,
   * because the number of ways to split a long word grows exponentially with its length.
   */
  private parted(word: string, hopeless: Set<string>): string[] {
    for (let place = 2; place < word.length - 1; place++) {
      const head = word.slice(0, place);
      const tail = word.slice(place);
      if (!this.words.has(head)) continue;
      if (this.words.has(tail) && word.length > 2 * SHORTEST - 2) return [`${head} ${tail}`];
      if (tail.length <= 2 * SHORTEST - 2 || hopeless.has(tail)) continue;
      const rest = this.parted(tail, hopeless);
      if (rest[0] !== undefined) return [`${head} ${rest[0]}`];
    }
    hopeless.add(word);
    return [];
  }
}

function put<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  list.push(item);
}

/** A word without an h that is not heard in Spanish. Its first letter is the one that it is looked up by. */
const unaspirated = (heard: string): string =>
  heard.length > SHORTEST && heard[0] === 'h' ? heard.slice(1) : heard;

/** Whether the first letters are the same, or the first two are swapped. */
function beginAlike(heard: string, known: string): boolean {
  const [one, other] = [unaspirated(heard), unaspirated(known)];
  return one[0] === other[0] || one.slice(0, 2) === `${other[1]}${other[0]}`;
}

function alike(heard: string, known: string): boolean {
  if (heard === known) return true;
  const shorter = Math.min(heard.length, known.length);
  if (shorter < SHORTEST || !beginAlike(heard, known)) return false;
  if (shorter === SHORTEST && known.length === SHORTEST) {
    return sorted(heard) === sorted(known) && slips(heard, known, 1) === 1;
  }
  const most = shorter < LONG ? 1 : MAX_EDITS;
  return slips(heard, known, most) <= most;
}

const sorted = (word: string): string => [...word].sort().join('');

/** Whether a word begins as another of the same first letter does, one slip allowed. */
function beginsLike(heard: string, beginning: string): boolean {
  if (heard.startsWith(beginning)) return true;
  if (beginning.length < 6) return false;
  return [-1, 0, 1].some(
    (more) => slips(heard.slice(0, beginning.length + more), beginning, 1) <= 1,
  );
}
