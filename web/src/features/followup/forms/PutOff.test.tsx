import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '@/lib/api/client';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { deviceZone } from '@/lib/time/useTimes';
import { PutOff } from './PutOff';

/** The button, `days` before the next open day; the other days are of no account here. */
async function show(dueAt: string | null) {
  await catalogues.load('common');
  await catalogues.load('followup');
  const answer = [1, 3, 7, 14, 30].map((days) => ({ days, due_at: dueAt }));
  vi.spyOn(api, 'GET').mockImplementation((async () => ({ data: answer })) as never);
  const onMove = vi.fn();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider>
        <MantineProvider>
          <PutOff loading={false} onMove={onMove} />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  return onMove;
}

const daysOn = (days: number) => {
  const at = new Date();
  at.setDate(at.getDate() + days);
  return at;
};

afterEach(() => vi.restoreAllMocks());

it('says tomorrow when the clinic opens then', async () => {
  const at = daysOn(1).toISOString();
  const onMove = await show(at);
  const button = screen.getByRole('button', { name: 'Move to tomorrow' }) as HTMLButtonElement;
  await vi.waitFor(() => expect(button.disabled).toBe(false));
  await userEvent.click(button);
  expect(onMove).toHaveBeenCalledWith(at);
});

it('names the day when tomorrow is closed', async () => {
  const at = daysOn(4);
  await show(at.toISOString());
  const day = new Intl.DateTimeFormat('en', {
    weekday: 'long',
    month: 'short',
    day: 'numeric',
    timeZone: deviceZone(),
  }).format(at);
  await screen.findByRole('button', { name: `Move to ${day}` });
});

it('offers nothing where the clinic stays closed, and says so', async () => {
  await show(null);
  await screen.findByText('The clinic has no open day in the next 60 days.');
  expect(screen.queryByRole('button')).toBeNull();
});
