import type { Answer, Item, Language } from './rules/questionnaire';

/** An answer as a person would say it; empty when there is none. */
export function inWords(
  item: Item,
  answer: Answer | undefined,
  language: Language,
  words: { yes: string; no: string },
): string {
  if (answer === undefined) return '';
  if (typeof answer === 'boolean') return answer ? words.yes : words.no;
  const name = (code: string) =>
    item.options.find((option) => option.code === code)?.text[language] ?? code;
  if (Array.isArray(answer)) return answer.map(name).join('; ');
  return item.type === 'choice' ? name(String(answer)) : String(answer).trim();
}
