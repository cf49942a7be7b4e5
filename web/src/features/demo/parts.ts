type Part = { at: number; text: string } & ({ kind: 'text' } | { kind: 'link'; href: string });

/** A text cut at its web addresses, so that they can be followed. */
export function parts(text: string): Part[] {
  let at = 0;
  const found: Part[] = [];
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g)) {
    if (match.index > at) found.push({ at, kind: 'text', text: text.slice(at, match.index) });
    found.push({ at: match.index, kind: 'link', text: match[0], href: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ at, kind: 'text', text: text.slice(at) });
  return found;
}

/** The one-time code in a text: six figures that are no part of a number or an address. */
export const codeIn = (text: string): string | undefined =>
  parts(text)
    .filter((part) => part.kind === 'text')
    .map((part) => /(?<![\d+-])\d{6}(?![\d-])/.exec(part.text)?.[0])
    .find(Boolean);
