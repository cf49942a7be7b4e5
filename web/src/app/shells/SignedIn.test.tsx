import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { useEffect, useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { useSignOut } from '@/lib/session/ending';
import { sessionQuery, usePerson } from '@/lib/session/session';
import { SignedIn } from './SignedIn';

afterEach(cleanup);

/** What jsdom has none of: a stream that nothing comes from. */
class Silent extends EventTarget {
  close(): void {}
}

const session = {
  name: 'Chloe Quinn',
  account_id: 'chloe',
  patient_id: 'chloe',
  session_id: 'one',
  clinic: { slug: 'harbor' },
  roles: ['patient'],
  permissions: [],
  patients: [],
  locale: 'en',
  idle_seconds: 900,
  expires_at: '2099-01-01T00:00:00Z',
};

/** What the page below does when the test says so. */
const held: { drawAnew?: () => void; signOut?: (ending: 'idle') => Promise<void> } = {};

function Page() {
  const [times, setTimes] = useState(0);
  const signOut = useSignOut();
  useEffect(() => {
    held.drawAnew = () => setTimes((before) => before + 1);
    held.signOut = signOut;
  }, [signOut]);
  return (
    <p>
      {usePerson().name}, {times}
    </p>
  );
}

it('takes the page away with the person, whatever is drawn anew meanwhile', async () => {
  vi.stubGlobal('EventSource', Silent);
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response());
  vi.spyOn(window.location, 'replace').mockImplementation(() => undefined);
  await catalogues.load('common');
  await catalogues.use('en');
  const queries = new QueryClient();
  queries.setQueryData(sessionQuery.queryKey, session as never);
  render(
    <QueryClientProvider client={queries}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <SignedIn>
            <Page />
          </SignedIn>
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  expect(screen.getByText('Chloe Quinn, 0')).toBeTruthy();
  await act(async () => held.signOut?.('idle'));
  act(() => held.drawAnew?.());
  expect(document.body.textContent).not.toContain('Chloe Quinn');
});
