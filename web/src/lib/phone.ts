/** A number as people of its country read it: `+13125550100` is `(312) 555-0100`, `911` stays. */
export function readablePhone(number: string): string {
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return american ? `(${american[1]}) ${american[2]}-${american[3]}` : number;
}
