/** One word and where it stands: the number of its sentence, and of its clause in the whole text. */
export interface Token {
  word: string;
  sentence: number;
  clause: number;
}

const LEET: Readonly<Record<string, string>> = {
  '@': 'a',
  $: 's',
  '!': 'i',
  '1': 'i',
  '0': 'o',
  '3': 'e',
  '4': 'a',
  '5': 's',
};
const PARTS =
  /[a-z]+[0-9]*|[0-9]+(?:[.,][0-9]+)?|(?<=[0-9])\s*\/\s*(?=[0-9])|[.!?;\n]|[,:()]|\s-+\s|[\u2013\u2014]/g;

/** Lower case without accents, apostrophes, look-alike digits within words, and letters drawn out. */
export function plain(text: string): string {
  return text
    .replaceAll(/['`\u00b4\u02bc\u2018\u2019\uff07]/g, '')
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/\bw\/o\b/g, 'without')
    .replaceAll(/(?<=[a-z])[@$!13450](?=[a-z])/g, (letter) => LEET[letter] ?? letter)
    .replaceAll(/(?<=[0-9])(?=[a-z])/g, ' ')
    .replaceAll(/([a-z])\1{2,}/g, '$1');
}

/** The words of a text in order. `short` spells out what people shorten ("wanna" is "want to"). */
export function tokens(text: string, short: ReadonlyMap<string, string>): Token[] {
  const found: Token[] = [];
  let sentence = 0;
  let clause = 0;
  for (const part of plain(text).match(PARTS) ?? []) {
    if (/^[a-z0-9]/.test(part) || part.includes('/')) {
      const word = part.includes('/') ? 'over' : part;
      for (const each of (short.get(word) ?? word).split(' ')) {
        found.push({ word: each, sentence, clause });
      }
    } else if ('.!?;\n'.includes(part)) {
      sentence += 1;
      clause += 1;
    } else {
      clause += 1;
    }
  }
  return found;
}
