import { expect, it } from 'vitest';
import { catalogues } from './catalogues';

it('leaves no page without words whose catalogue comes while the language changes', async () => {
  await catalogues.use('en');
  // It is here already, so that it comes before the other language does.
  await import('../../features/visits/messages/en.json');
  const changing = catalogues.use('es');
  await Promise.all([catalogues.load('visits'), changing]);
  const { locale, messages } = catalogues.snapshot();
  expect(locale).toBe('es');
  expect(messages.visits).toBeDefined();
});
