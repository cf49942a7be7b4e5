import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { sessionQuery } from '@/lib/session/session';
import { WhomStrip } from './SignedIn';

const leo = { patient_id: 'leo', name: 'Leo Quinn', relationship: 'MTH' };
const chloe = { patient_id: 'chloe', name: 'Chloe Quinn', relationship: 'ONESELF' };

async function show(session: Record<string, unknown>) {
  await catalogues.load('common');
  await catalogues.use('en');
  const queries = new QueryClient();
  queries.setQueryData(sessionQuery.queryKey, { name: 'Chloe Quinn', ...session } as never);
  const { container } = render(
    <QueryClientProvider client={queries}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <WhomStrip />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  // The strip comes by itself.
  await act(async () => void (await import('./Whom')));
  return container.textContent;
}

afterEach(cleanup);

it('names the child to a mother who acts for one', async () => {
  const said = await show({
    relationship: 'MTH',
    patient_name: 'Leo Quinn',
    patients: [chloe, leo],
  });
  expect(said).toContain('You are here for Leo Quinn');
  expect(screen.getByText('Leo Quinn').tagName).toBe('STRONG');
});

it('says to whoever may act for others that they are here for themself', async () => {
  const said = await show({
    relationship: null,
    patient_name: 'Chloe Quinn',
    patients: [chloe, leo],
  });
  expect(said).toContain('You are here for yourself, Chloe Quinn');
});

it('says nothing to whoever acts for nobody else', async () => {
  const said = await show({ relationship: null, patient_name: 'Chloe Quinn', patients: [chloe] });
  expect(said).not.toContain('You are here');
});
