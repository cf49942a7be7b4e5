/**
 * A number as people of its country read it: `+13125550100` is `(312) 555-0100`, `911` stays, and a
 * hotline with its own hyphens keeps them, `+1-800-222-1222` is `1-800-222-1222`.
 */
export function readablePhone(number: string): string {
  if (number.startsWith('+1-')) return number.slice(1);
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return american ? `(${american[1]}) ${american[2]}-${american[3]}` : number;
}
