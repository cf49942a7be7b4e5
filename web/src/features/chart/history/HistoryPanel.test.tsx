import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import { HistoryButton } from './HistoryButton';
import type { Change, Version } from './queries';

const same = (words: string) => ({ en: words, es: words });
const text = (words: string) => ({ words: same(words), is_date: false });
const date = (words: string) => ({ words: same(words), is_date: true });
const change = (label: string, more: Partial<Change>): Change => ({
  label: same(label),
  known: true,
  technical: false,
  before: null,
  after: null,
  ...more,
});
const version = (number: number, more: Partial<Version>): Version => ({
  version: number,
  source: 'clinician',
  author: 'Dr. Reyes',
  reason: null,
  at: new Date(2026, 2, 4, 9, 5).toISOString(),
  in_error: false,
  changes: [],
  resource: {},
  ...more,
});
const VERSIONS = [
  version(1, {
    source: 'patient',
    author: 'June Hale',
    changes: [
      change('What it is', { after: text('Asthma') }),
      change('extension[0].url', { known: false, technical: true, after: text('http://x.org/a') }),
    ],
  }),
  version(2, {
    changes: [
      change('Since', { before: date('2019-03'), after: date('2019-03-05') }),
      change('Note', { before: text('At night') }),
    ],
  }),
  version(3, { reason: "Another patient's", in_error: true }),
];

async function show(locale: 'en' | 'es') {
  vi.stubGlobal('fetch', async () => Response.json(VERSIONS));
  await Promise.all(['chart', 'chart/strip'].map((slice) => catalogues.load(slice)));
  await chooseLocale(locale);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <HistoryButton recordId="r1" patientId="p1" name="Asthma" />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  const panel = await screen.findByRole('dialog');
  return { panel, versions: await within(panel).findAllByRole('listitem') };
}

const rows = (of: HTMLElement | undefined) =>
  within(of as HTMLElement)
    .getAllByRole('row')
    .map((row) => [...row.children].map((cell) => cell.textContent).join(' | '));

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('is one press of the keyboard away, newest first, and says who, when, from whom and why', async () => {
  const { versions } = await show('en');
  expect(versions.map((each) => each.querySelector('p')?.textContent)).toEqual([
    'Dr. ReyesMar 4, 2026, 9:05 AMentered by the care teamEntered in error',
    'Dr. ReyesMar 4, 2026, 9:05 AMentered by the care team',
    'June HaleMar 4, 2026, 9:05 AMtold by the patient',
  ]);
  expect(versions[0]?.textContent).toContain("Reason: Another patient's");
});

it('shows old beside new, dates as exactly as they are known, and what nobody has words for as that', async () => {
  const { versions } = await show('en');
  expect(rows(versions[1])).toEqual([
    'What | Before | After',
    'Since | March 2019 | March 5, 2019',
    'Note | At night | removed',
  ]);
  expect(rows(versions[2])).toEqual([
    'What | Recorded',
    'What it is | Asthma',
    'What | Recorded',
    'Other element extension[0].url | http://x.org/a',
  ]);
  expect(versions[2]?.textContent).toContain('1 technical detail');
});

it('does so in Spanish', async () => {
  const { versions } = await show('es');
  expect(rows(versions[1])[1]).toBe('Since | marzo de 2019 | 5 de marzo de 2019');
  expect(versions[0]?.textContent).toContain('Registrado por error');
});

it('closes on Escape and gives the keyboard back to the button', async () => {
  await show('en');
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).toBeNull();
});
