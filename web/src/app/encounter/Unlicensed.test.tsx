import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Visit } from '@/features/chart/queries';
import { type Profile, profileQuery } from '@/features/profile/profile';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { Unlicensed } from './Unlicensed';

/** What a clinician with a licence in New York reads of a patient who is there. */
async function shown(location: Visit['location'], status: Visit['status'] = 'admitted') {
  await catalogues.load('chart');
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(profileQuery.queryKey, { staff: { licences: ['NY'] } } as Profile);
  const { container } = render(
    <QueryClientProvider client={client}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <Unlicensed visit={{ location, status } as Visit} />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  return container.textContent ?? '';
}

it('is said of a patient who joined from another state, and of none at home', async () => {
  expect(await shown({ state: 'FL', country: 'US' })).toContain('Not licensed in FL');
  expect(await shown({ state: 'NY', country: 'US' })).not.toContain('licence');
  expect(await shown({ state: 'NY', country: 'MX' })).toContain('Not licensed in NY, MX');
});

it('is not said where nobody knows, or when the visit is over', async () => {
  expect(await shown(null)).not.toContain('licence');
  expect(await shown({ state: 'FL', country: 'US' }, 'finished')).not.toContain('licence');
});
