import { type AddressParts, HOME_COUNTRY } from './address';

/** Its lines as a letter has them; the country in the reader's language where it is another. */
export function addressLines(of: Partial<AddressParts>, locale: string): string[] {
  const place = [of.state, of.postalCode].filter(Boolean).join(' ');
  const abroad = of.country && of.country !== HOME_COUNTRY ? of.country : '';
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  return [
    ...(of.line ?? []),
    [of.city, place].filter(Boolean).join(', '),
    abroad && (names.of(abroad) ?? abroad),
  ].filter(Boolean);
}
