import type { Draft } from '../model';

type Plain = Record<string, unknown>;

/**
 * The three-way merge of two devices' work on one document: what only one of them changed since
 * `base` is taken; where both changed one field, what this device holds stays, for its person is
 * the one who is looking at it. Lists are merged entry by entry, by `key`.
 */
export function merge(base: Draft, mine: Draft, theirs: Draft): Draft {
  return mergeValue(base, mine, theirs) as Draft;
}

/** Whether two values are the same in content. */
export function same(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((each, at) => same(each, right[at]));
  }
  if (isPlain(left) && isPlain(right)) {
    const keys = Object.keys({ ...left, ...right });
    return keys.every((key) => same(left[key], right[key]));
  }
  return false;
}

function mergeValue(base: unknown, mine: unknown, theirs: unknown): unknown {
  if (same(mine, base)) return theirs;
  if (same(theirs, base)) return mine;
  if (isPlain(mine) && isPlain(theirs)) {
    return mergeFields(isPlain(base) ? base : {}, mine, theirs);
  }
  if (isKeyed(mine) && isKeyed(theirs)) {
    return mergeEntries(isKeyed(base) ? base : [], mine, theirs);
  }
  return mine;
}

function mergeFields(base: Plain, mine: Plain, theirs: Plain): Plain {
  const merged: Plain = {};
  for (const key of Object.keys({ ...theirs, ...mine })) {
    const value = mergeValue(base[key], mine[key], theirs[key]);
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

interface Keyed {
  key: string;
}

function mergeEntries(base: Keyed[], mine: Keyed[], theirs: Keyed[]): Keyed[] {
  const keys = new Set([...mine, ...theirs].map((entry) => entry.key));
  const of = (list: Keyed[], key: string) => list.find((entry) => entry.key === key);
  return [...keys]
    .map((key) => mergeValue(of(base, key), of(mine, key), of(theirs, key)))
    .filter((entry) => entry !== undefined) as Keyed[];
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKeyed(value: unknown): value is Keyed[] {
  return Array.isArray(value) && value.every((entry) => isPlain(entry) && 'key' in entry);
}
