import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '@/lib/api/client';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { ClosedNow } from './ClosedNow';

async function show(clinic: { open_now: boolean; opens_at: string | null }) {
  await catalogues.load('common');
  await catalogues.load('intake/start');
  const asked = vi.spyOn(api, 'GET').mockImplementation((async () => ({ data: clinic })) as never);
  const { container } = render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <ClosedNow slug="harbor" />
      </I18nProvider>
    </QueryClientProvider>,
  );
  await waitFor(() => expect(asked).toHaveBeenCalled());
  return container;
}

afterEach(() => vi.restoreAllMocks());

it('says when the clinic opens, before somebody waits for nobody', async () => {
  await show({ open_now: false, opens_at: '2026-03-09T12:00:00Z' });
  const note = await screen.findByRole('note');
  expect(note.textContent).toMatch(/closed until Monday, March 9, \d+:00/);
});

it('says so too where no opening is known, and nothing while it is open', async () => {
  await show({ open_now: false, opens_at: null });
  expect((await screen.findByRole('note')).textContent).toContain('closed now');
  const open = await show({ open_now: true, opens_at: null });
  expect(open.textContent).toBe('');
});
