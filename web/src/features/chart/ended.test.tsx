import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import type { Alert } from './prescribing/model';
import { Alerts } from './prescribing/safety/Alerts';
import type { ChartSummary } from './queries';
import { Medicines } from './summary/PatientSummary';

type Medicine = ChartSummary['medicines'][number];

const alert: Alert = {
  key: 'k',
  kind: 'interaction',
  other: 'warfarin',
  severity: 'moderate',
  effect: { en: 'Bleeding.', es: 'Sangrado.' },
  action: { en: 'Watch.', es: 'Vigile.' },
  source: 'label',
  ended_on: null,
};
const medicine = (display: string, ends_at: string | null) =>
  ({
    id: display,
    display,
    dosage: 'once a day',
    ends_at,
    source: 'clinician',
    type: 'MedicationRequest',
    code: null,
    version: 1,
  }) as Medicine;

async function show(locale: 'en' | 'es', children: ReactNode) {
  await Promise.all(['chart', 'chart/prescribing'].map((slice) => catalogues.load(slice)));
  await chooseLocale(locale);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">{children}</MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
}

function medicines(all: Medicine[]) {
  const summary = { patient: { id: 'p1' }, nothing_known: { medicines: null }, medicines: all };
  return <Medicines summary={summary as unknown as ChartSummary} editable={false} visitId={null} />;
}
const lines = () => screen.getAllByRole('listitem').map((each) => each.textContent);

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('a medicine whose course is over', () => {
  it.each([
    ['en', 'ended on March 4, 2026'],
    ['es', 'terminó el 4 de marzo de 2026'],
  ] as const)('says when, after those that are taken, in %s', async (locale, ended) => {
    vi.useFakeTimers({ now: Date.parse('2026-03-05T12:00:00Z'), toFake: ['Date'] });
    const all = [
      medicine('amoxicillin', '2026-03-04T12:00:00Z'),
      medicine('lisinopril', null),
      medicine('prednisone', '2026-03-06T12:00:00Z'),
    ];
    await show(locale, medicines(all));
    expect(lines()).toEqual([
      'lisinoprilonce a day',
      'prednisoneonce a day',
      `amoxicillinonce a day · ${ended}`,
    ]);
  });

  it.each([
    ['en', 'warfarin (ended on March 4, 2026)'],
    ['es', 'warfarin (terminó el 4 de marzo de 2026)'],
  ] as const)('says so where it speaks against a prescription, in %s', async (locale, words) => {
    const all = [{ ...alert, ended_on: '2026-03-04' }];
    const reasons = { denied: [], reasons: {}, error: () => null, onReason: () => undefined };
    await show(locale, <Alerts alerts={all} {...reasons} />);
    expect(screen.getByRole('heading').textContent).toContain(words);
  });

  it('is not said of one that is still taken', async () => {
    const reasons = { denied: [], reasons: {}, error: () => null, onReason: () => undefined };
    await show('en', <Alerts alerts={[alert]} {...reasons} />);
    expect(screen.getByRole('heading').textContent).toMatch(/warfarin$/);
  });
});
