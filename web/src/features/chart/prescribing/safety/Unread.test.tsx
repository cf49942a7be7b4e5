import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { api } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import type { Draft } from '../model';
import { draft } from '../sample';
import { Unread } from './Unread';

const SHA = 'b'.repeat(64);
const unread: Draft = {
  ...draft,
  unread_sha256: SHA,
  not_understood: [
    { kind: 'allergy', text: 'the pink pill', parts: ['pink pill'], known: true },
    { kind: 'medicine', text: 'wortkraut', parts: ['wortkraut'], known: false },
  ],
};

async function show(part: Partial<Draft> = {}, missing = false, locale: 'en' | 'es' = 'en') {
  await catalogues.load('chart/prescribing');
  await chooseLocale(locale);
  const heard = { onFresh: vi.fn(), onStale: vi.fn() };
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <Unread draft={{ ...unread, ...part }} missing={missing} {...heard} />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  return heard;
}

/** What the API is told, and what it answers. */
function answers(answer: () => Promise<unknown>) {
  const told: unknown[] = [];
  vi.spyOn(api, 'PUT').mockImplementation((async (_path: string, init: { body: unknown }) => {
    told.push(init.body);
    return { data: await answer() };
  }) as never);
  return told;
}

const box = () => screen.getByRole<HTMLInputElement>('checkbox');
afterEach(cleanup);

describe('what of the chart the check did not understand', () => {
  it('is named: what was not read, and what no table knows', async () => {
    await show();
    const [allergy, medicine] = screen.getAllByRole('listitem').map((each) => each.textContent);
    expect(allergy).toBe('Allergy: the pink pillnot understood: pink pill');
    expect(medicine).toBe('Medicine: wortkrautour tables say nothing about wortkraut');
    expect(box().checked).toBe(false);
  });

  it('is confirmed for exactly these entries, with the time, and taken back', async () => {
    const told = answers(async () => draft);
    const { onFresh } = await show();
    fireEvent.click(box());
    await waitFor(() => expect(onFresh).toHaveBeenCalledOnce());
    cleanup();
    await show({ acknowledged_at: '2026-11-05T15:42:00Z' });
    expect(box().checked).toBe(true);
    expect(screen.getByText(/^Confirmed Nov 5, 2026/)).toBeTruthy();
    fireEvent.click(box());
    await waitFor(() => expect(told).toEqual([{ sha256: SHA }, { sha256: null }]));
  });

  it('is asked for beside the box when signing was tried without it, in both languages', async () => {
    await show({}, true);
    expect(screen.getByText('Read these entries and tick the box before you sign.')).toBeTruthy();
    cleanup();
    await show({}, true, 'es');
    expect(
      screen.getByText('Lea estas anotaciones y marque la casilla antes de firmar.'),
    ).toBeTruthy();
    cleanup();
    await show({ acknowledged_at: '2026-11-05T15:42:00Z' }, true, 'es');
    expect(box().getAttribute('aria-invalid')).not.toBe('true');
  });

  it('is not confirmed when the chart has other entries by now, and that is said', async () => {
    answers(async () => {
      throw new ApiProblem(409, 'stale');
    });
    const { onStale } = await show();
    fireEvent.click(box());
    await waitFor(() => expect(onStale).toHaveBeenCalledOnce());
    expect(screen.getByRole('alert').textContent).toContain('Someone changed this');
    expect(box().checked).toBe(false);
  });
});
