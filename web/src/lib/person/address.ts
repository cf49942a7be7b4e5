/** An address as the API has it: '' is none. Without a city, nobody has split it into its parts yet. */
export interface AddressParts {
  line: string[];
  city: string;
  state: string;
  postalCode: string;
  country: string;
}

export const HOME_COUNTRY = 'US';
const LINES_SHOWN = 2;

/** For a form: two lines at least, and 'US' where no country is known. */
export function addressOf(of: Partial<AddressParts> | null | undefined): AddressParts {
  const lines = of?.line ?? [];
  return {
    line: [...lines, ...Array<string>(Math.max(0, LINES_SHOWN - lines.length)).fill('')],
    city: of?.city ?? '',
    state: of?.state ?? '',
    postalCode: of?.postalCode ?? '',
    country: of?.country || HOME_COUNTRY,
  };
}

/** As it is sent: without empty lines; null where nothing was typed. A country alone is nothing. */
export function typedAddress(of: AddressParts): AddressParts | null {
  const line = of.line.filter((each) => each.trim());
  const typed = [...line, of.city, of.state, of.postalCode].some((each) => each.trim());
  return typed ? { ...of, line } : null;
}

/** Whether it is one text still, from before addresses had parts or from elsewhere. */
export const isUnsplit = (of: Partial<AddressParts> | null | undefined): boolean =>
  Boolean(of?.line?.some((each) => each.trim()) && !of.city?.trim());

/** Where a form shows what the API says of all lines together. */
export const ADDRESS_PATHS = { 'address.line': 'address.line.0' };
