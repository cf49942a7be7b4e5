import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '@/lib/api/client';
import { keepFocus } from '@/lib/focus/keepFocus';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import { HolidaysSection } from './HolidaysSection';
import type { Holiday, Holidays } from './holidays';

const named = (day: string, en: string, es: string): Holiday => ({ day, name: { en, es } });
const CHRISTMAS = named('2026-12-25', 'Christmas Day', 'Navidad');
const OBSERVED = named('2027-12-31', "New Year's Day (observed)", 'Año Nuevo (trasladado)');
const PARTY = named('2026-12-28', 'Party', 'Party');

/** The section, with an API that only takes days away. */
async function show(holidays: Holiday[], federal: Holidays['federal'] = [], locale = 'en') {
  await catalogues.load('common');
  await catalogues.load('admin');
  await chooseLocale(locale as 'en' | 'es');
  let now = holidays;
  const answer = () => ({ data: { today: '2026-11-26', holidays: now, federal, added: [] } });
  vi.spyOn(api, 'GET').mockImplementation((async () => answer()) as never);
  vi.spyOn(api, 'POST').mockImplementation((async (
    _path: string,
    { body }: { body: { days: string[] } },
  ) => {
    now = now.filter(({ day }) => !body.days.includes(day));
    return answer();
  }) as never);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <HolidaysSection />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  await screen.findByRole('form');
  return userEvent.setup();
}

let stop = () => {};

afterEach(async () => {
  stop();
  vi.restoreAllMocks();
  await chooseLocale('en');
});

it.each([
  ['en', "New Year's Day (observed)"],
  ['es', 'Año Nuevo (trasladado)'],
])('names a known holiday in the language of its reader: %s', async (locale, name) => {
  await show([OBSERVED], [], locale);
  expect(screen.getByText(name)).toBeTruthy();
});

it('keeps the keyboard in the list when a day is removed, and then at its heading', async () => {
  stop = keepFocus();
  const user = await show([CHRISTMAS, PARTY, OBSERVED]);
  const remove = (name: RegExp) => screen.getByRole('button', { name });
  await user.click(remove(/^Remove Party/));
  await waitFor(() => expect(document.activeElement).toBe(remove(/^Remove New Year/)));
  await user.click(remove(/^Remove New Year/));
  await waitFor(() => expect(document.activeElement).toBe(remove(/^Remove Christmas/)));
  await user.click(remove(/^Remove Christmas/));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading')));
});

it('gives the keyboard back when a name is not changed after all', async () => {
  const user = await show([PARTY]);
  const rename = screen.getByRole('button', { name: /^Rename Party/ });
  await user.click(rename);
  await user.keyboard('{Escape}');
  expect(document.activeElement).toBe(screen.getByRole('button', { name: /^Rename Party/ }));
});

it('takes the error back when the day that was there is removed', async () => {
  const user = await show([CHRISTMAS]);
  const form = within(screen.getByRole('form'));
  await user.type(form.getByLabelText('Date'), '2026-12-25');
  await user.type(form.getByLabelText('Name'), 'Closed');
  await user.click(form.getByRole('button'));
  expect(form.getByText('This day is a holiday already.')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: /^Remove Christmas/ }));
  await waitFor(() => expect(form.queryByText('This day is a holiday already.')).toBeNull());
});

it('says which years are added, and offers the next ones', async () => {
  await show(
    [CHRISTMAS],
    [
      { year: 2026, coming: 1, missing: 0 },
      { year: 2027, coming: 14, missing: 14 },
      { year: 2028, coming: 12, missing: 1 },
      { year: 2029, coming: 12, missing: 12 },
    ],
  );
  expect(screen.getByText('The US federal holidays of 2026 are added.')).toBeTruthy();
  const offered = screen.getAllByRole('button').map((button) => button.textContent);
  expect(offered.filter((text) => text?.includes('federal'))).toEqual([
    'Add the US federal holidays of 2027',
    'Add the missing US federal holiday of 2028',
  ]);
});
