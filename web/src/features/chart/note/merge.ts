import { type Content, SECTIONS, same } from './content';

/*
 * Puts two people's (or two tabs') changes of one note together. Pure: `base` is what both started
 * from. What only one side changed is taken as that side has it; where both changed the same lines,
 * both versions stay, one after the other, for a person to choose from. Nothing written is dropped.
 */
export function mergeNotes(base: Content, mine: Content, theirs: Content): Content {
  const text = Object.fromEntries(
    SECTIONS.map((name) => [name, mergeText(base[name], mine[name], theirs[name])]),
  ) as Record<(typeof SECTIONS)[number], string>;
  return {
    ...text,
    diagnoses: mergeLists(base.diagnoses, mine.diagnoses, theirs.diagnoses, (each) => each.code),
    vitals: mergeLists(base.vitals, mine.vitals, theirs.vitals, (each) => each.code),
    plan_items: mergeLists(base.plan_items, mine.plan_items, theirs.plan_items, (each) => each.id),
    typed: mine.typed ?? {},
  };
}

export function mergeText(base: string, mine: string, theirs: string): string {
  if (mine === theirs || theirs === base) return mine;
  if (mine === base) return theirs;
  return mergeLines(base.split('\n'), mine.split('\n'), theirs.split('\n')).join('\n');
}

/** diff3: lines that both sides kept divide the text into stretches, merged one by one. */
function mergeLines(base: string[], mine: string[], theirs: string[]): string[] {
  const inMine = matches(base, mine);
  const inTheirs = matches(base, theirs);
  const merged: string[] = [];
  let [b, m, t] = [0, 0, 0];
  for (let line = 0; line <= base.length; line += 1) {
    const atMine = line === base.length ? mine.length : inMine.get(line);
    const atTheirs = line === base.length ? theirs.length : inTheirs.get(line);
    if (atMine === undefined || atTheirs === undefined) continue;
    merged.push(
      ...mergeStretch(base.slice(b, line), mine.slice(m, atMine), theirs.slice(t, atTheirs)),
    );
    if (line < base.length) merged.push(base[line] as string);
    [b, m, t] = [line + 1, atMine + 1, atTheirs + 1];
  }
  return merged;
}

function mergeStretch(base: string[], mine: string[], theirs: string[]): string[] {
  if (same(mine, theirs) || same(theirs, base)) return mine;
  if (same(mine, base)) return theirs;
  return [...theirs, ...mine];
}

/** Which line of `to` each line of `from` went to, by the longest common subsequence. */
function matches(from: string[], to: string[]): Map<number, number> {
  const found = new Map<number, number>();
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) {
    found.set(start, start);
    start += 1;
  }
  let [fromEnd, toEnd] = [from.length, to.length];
  while (fromEnd > start && toEnd > start && from[fromEnd - 1] === to[toEnd - 1]) {
    fromEnd -= 1;
    toEnd -= 1;
    found.set(fromEnd, toEnd);
  }
  const lengths = commonLengths(from.slice(start, fromEnd), to.slice(start, toEnd));
  let [i, j] = [start, start];
  while (i < fromEnd && j < toEnd) {
    if (from[i] === to[j]) found.set(i++, j++);
    else if (at(lengths, i - start + 1, j - start) >= at(lengths, i - start, j - start + 1)) i += 1;
    else j += 1;
  }
  return found;
}

function commonLengths(from: string[], to: string[]): number[][] {
  const lengths = Array.from({ length: from.length + 1 }, () =>
    Array<number>(to.length + 1).fill(0),
  );
  for (let i = from.length - 1; i >= 0; i -= 1) {
    for (let j = to.length - 1; j >= 0; j -= 1) {
      (lengths[i] as number[])[j] =
        from[i] === to[j]
          ? at(lengths, i + 1, j + 1) + 1
          : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  }
  return lengths;
}

const at = (table: number[][], i: number, j: number): number => table[i]?.[j] ?? 0;

/**
 * Lists whose entries are known by a key. A change or an addition by either side stays; an entry that
 * one side removed stays only if the other side changed it. Where both changed it, mine is shown.
 */
export function mergeLists<T>(
  base: readonly T[],
  mine: readonly T[],
  theirs: readonly T[],
  key: (each: T) => string,
): readonly T[] {
  if (same(theirs, base) || same(mine, theirs)) return mine;
  if (same(mine, base)) return theirs;
  const byKey = (list: readonly T[]) => new Map(list.map((each) => [key(each), each]));
  const [before, left, right] = [byKey(base), byKey(mine), byKey(theirs)];
  const order = [...new Set([...right.keys(), ...left.keys()])];
  return order.flatMap((id) => {
    const [was, my, their] = [before.get(id), left.get(id), right.get(id)];
    if (my !== undefined && their !== undefined) return [same(my, was) ? their : my];
    const kept = my ?? their;
    if (kept === undefined) return [];
    return was === undefined || !same(kept, was) ? [kept] : [];
  });
}
