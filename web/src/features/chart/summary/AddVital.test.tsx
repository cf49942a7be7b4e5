import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import { measurementsQuery } from '../queries';
import { AddVital } from './AddVital';
import { DIASTOLIC, SYSTOLIC } from './bloodPressure';

const term = (code: string, short: string, unit: string, low: number, high: number) => ({
  code,
  short,
  short_es: short,
  unit,
  low,
  high,
  category: 'vital-signs',
});
const WEIGHT = '29463-7';
const TERMS = [
  term(SYSTOLIC, 'Systolic', 'mm[Hg]', 40, 300),
  term(DIASTOLIC, 'Diastolic', 'mm[Hg]', 20, 200),
  term(WEIGHT, 'Weight', 'kg', 0.2, 635),
];

async function open(locale: 'en' | 'es') {
  await catalogues.load('chart');
  await chooseLocale(locale);
  const client = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } },
  });
  client.setQueryData(measurementsQuery.queryKey, TERMS);
  const onAdd = vi.fn(async (_vital: object) => {});
  render(
    <QueryClientProvider client={client}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <AddVital patientId="patient" visitId={null} onAdd={onAdd} close={() => {}} />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  const named = (name: RegExp) => screen.getByLabelText<HTMLInputElement>(name);
  return { onAdd, named, user: userEvent.setup() };
}
afterEach(cleanup);

describe.each(['en', 'es'] as const)('a vital sign typed key by key in %s', (locale) => {
  it.each([
    ['150.5', 68.27],
    ['150,5', 68.27],
    ['68.3 kg', 68.3],
  ])('weight: %j is kept as %d', async (text, value) => {
    const { onAdd, named, user } = await open(locale);
    await user.selectOptions(named(/^(What was measured|Qué se midió)$/), WEIGHT);
    await user.type(named(/^(Value|Valor)$/), `${text}{Enter}`);
    await waitFor(() => expect(onAdd).toHaveBeenCalledOnce());
    expect(onAdd.mock.calls[0]?.[0]).toMatchObject({ code: WEIGHT, value });
  });

  it('a blood pressure is two numbers, and neither is guessed', async () => {
    const { onAdd, named, user } = await open(locale);
    const [systolic, diastolic] = [
      named(/^(Systolic|Sistólica)$/),
      named(/^(Diastolic|Diastólica)$/),
    ];
    await user.type(systolic, '120/80{Enter}');
    await waitFor(() => expect(systolic.getAttribute('aria-invalid')).toBe('true'));
    await user.clear(systolic);
    await user.type(systolic, '120');
    await user.type(diastolic, '80.5{Enter}');
    await waitFor(() => expect(diastolic.getAttribute('aria-invalid')).toBe('true'));
    expect(onAdd).not.toHaveBeenCalled();
    await user.clear(diastolic);
    await user.type(diastolic, '80{Enter}');
    await waitFor(() => expect(onAdd).toHaveBeenCalledTimes(2));
    expect(onAdd.mock.calls.map(([vital]) => vital)).toMatchObject([
      { code: SYSTOLIC, value: 120 },
      { code: DIASTOLIC, value: 80 },
    ]);
  });
});
