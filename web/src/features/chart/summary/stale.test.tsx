import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import { toastStore } from '@/ui/toasts/toast';
import type { ChartSummary } from '../queries';
import { Problems } from './PatientSummary';

const problem = { id: 'r1', version: 1, display: 'Asthma', status: 'active', source: 'clinician' };
const summary = { patient: { id: 'p1' }, problems: [problem] } as unknown as ChartSummary;

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('says so when somebody else changed a problem meanwhile, and asks what stands now', async () => {
  const stale = { status: 409, code: 'record_stale', data: { version: 2 } };
  vi.stubGlobal('fetch', async () => Response.json(stale, { status: 409 }));
  await catalogues.load('chart');
  await chooseLocale('en');
  const client = new QueryClient();
  client.setQueryData(['patient', 'p1', 'summary'], summary);
  render(
    <QueryClientProvider client={client}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <Problems summary={summary} editable visitId={null} />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'What to do with Asthma' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Resolved' }));
  await vi.waitFor(() =>
    expect(toastStore.snapshot().at(-1)).toMatchObject({
      tone: 'danger',
      text: 'Someone changed this in the meantime. Please review it again.',
    }),
  );
  expect(client.getQueryState(['patient', 'p1', 'summary'])?.isInvalidated).toBe(true);
});
