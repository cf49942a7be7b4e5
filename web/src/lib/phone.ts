/**
 * A number as people of its country read it: `+13125550100;ext=204` is `(312) 555-0100 ext. 204`, `911`
 * stays, and a hotline with its own hyphens keeps them, `+1-800-222-1222` is `1-800-222-1222`.
 */
export function readablePhone(phone: string): string {
  const [number, extension] = parts(phone);
  return extension ? `${readable(number)} ext. ${extension}` : readable(number);
}

/** The link that dials a number. Every dialer knows the comma, a pause before the extension. */
export function dialLink(phone: string): string {
  const [number, extension] = parts(phone);
  return extension ? `tel:${number},${extension}` : `tel:${number}`;
}

function readable(number: string): string {
  if (number.startsWith('+1-')) return number.slice(1);
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return american ? `(${american[1]}) ${american[2]}-${american[3]}` : number;
}

/** The server writes an extension as RFC 3966 has it. */
function parts(phone: string): [number: string, extension: string] {
  const [number = '', extension = ''] = phone.split(';ext=');
  return [number, extension];
}
