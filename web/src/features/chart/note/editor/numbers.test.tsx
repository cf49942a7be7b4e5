import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import { measurementsQuery } from '../../queries';
import { type Content, complete, dueField } from '../content';
import { PlanEditor } from './PlanEditor';
import { VitalsEditor } from './VitalsEditor';

const term = (code: string, short: string, unit: string, low: number, high: number) => ({
  code,
  short,
  short_es: `${short} (es)`,
  unit,
  low,
  high,
  category: 'vital-signs',
});
const EMPTY = { subjective: '', objective: '', assessment: '', plan: '' };
const TERMS = [
  term('8310-5', 'Temperature', 'Cel', 25, 45),
  term('8480-6', 'Systolic', 'mm[Hg]', 40, 300),
  term('29463-7', 'Weight', 'kg', 0.2, 635),
  term('72514-3', 'Pain', '{score}', 0, 10),
];

/** What the note holds after the last key. */
let kept: Content;

function Part({ of }: { of: 'vitals' | 'plan' }) {
  const [content, setContent] = useState<Content>(kept);
  kept = content;
  return of === 'vitals' ? (
    <VitalsEditor
      vitals={content.vitals}
      typed={content.typed}
      errors={{}}
      onChange={(part) => setContent({ ...content, ...part })}
    />
  ) : (
    <PlanEditor
      items={content.plan_items}
      typed={content.typed}
      errors={{}}
      onChange={(plan_items, typed) => setContent({ ...content, plan_items, typed })}
    />
  );
}

/** One part of the note's editor, with one call planned in three days. */
async function open(locale: 'en' | 'es', of: 'vitals' | 'plan') {
  await catalogues.load('chart');
  await chooseLocale(locale);
  const client = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } },
  });
  client.setQueryData(measurementsQuery.queryKey, TERMS);
  const call = { id: 'p1', kind: 'call', title: 'Call', due_in_days: 3, detail: '' } as const;
  kept = { ...complete(EMPTY), plan_items: [call] };
  render(
    <QueryClientProvider client={client}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <Part of={of} />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  const user = userEvent.setup();
  const named = (name: RegExp) => screen.getByLabelText<HTMLInputElement>(name);
  return {
    user,
    kind: (code: string) => user.selectOptions(named(/^(What was measured|Qué se midió)/), code),
    value: () => named(/, (value|valor)$/),
    due: () => named(/^(Due, in days|Plazo en días)$/),
  };
}

describe.each(['en', 'es'] as const)('a measurement typed key by key in %s', (locale) => {
  it.each([
    ['29463-7', '150.5', 68.27, '150.5 lb = 68.3 kg'],
    ['29463-7', '150,5', 68.27, '150.5 lb = 68.3 kg'],
    ['29463-7', '68.3 kg', 68.3, '150.6 lb = 68.3 kg'],
    ['8310-5', '98.6', 37, '98.6 °F = 37 °C'],
    ['8310-5', '38,5 C', 38.5, '101.3 °F = 38.5 °C'],
    ['8480-6', '128', 128, null],
    ['8480-6', '128 mmHg', 128, null],
    ['72514-3', '7', 7, null],
  ])('%s: %j is kept as %d', async (code, typed, stored, readBack) => {
    const { user, kind, value } = await open(locale, 'vitals');
    await kind(code);
    await user.type(value(), typed);
    expect(value().value).toBe(typed);
    if (readBack) expect(screen.getByText(readBack)).toBeTruthy();
    await user.keyboard('{Enter}');
    expect(kept.vitals).toMatchObject([{ code, value: stored }]);
    expect(kept.typed).toEqual({});
    expect(value().value).toBe('');
  });

  it.each([
    ['29463-7', '150.'],
    ['29463-7', '1,500'],
    ['29463-7', '1..5'],
    ['29463-7', '-150'],
    ['29463-7', '1e2'],
    ['29463-7', '9999'],
    ['8310-5', '38,5'],
    ['8480-6', '120/80'],
    ['8480-6', '120.5'],
  ])('%s: %j is kept as nothing, and the field says why', async (code, typed) => {
    const { user, kind, value } = await open(locale, 'vitals');
    await kind(code);
    await user.type(value(), typed);
    await user.keyboard('{Enter}');
    expect(kept.vitals).toEqual([]);
    expect(value().value).toBe(typed);
    await user.tab();
    await waitFor(() => expect(value().getAttribute('aria-invalid')).toBe('true'));
    const described = value().getAttribute('aria-describedby')?.split(' ') ?? [];
    expect(described.some((id) => document.getElementById(id)?.textContent)).toBe(true);
    const add = screen.getByText(/^(Add|Agregar)$/).closest('button');
    expect(add?.disabled).toBe(true);
  });

  it('proposes the unit in which a number could be right', async () => {
    const { user, kind, value } = await open(locale, 'vitals');
    await kind('8310-5');
    await user.type(value(), '38.5');
    await user.tab();
    expect(await screen.findByText(/38\.5 °C/)).toBeTruthy();
  });

  it.each([
    ['14', 14],
    ['0', 0],
    ['10 days', 10],
    ['730', 730],
  ])('days until a task: %j is %d', async (typed, days) => {
    const { user, due } = await open(locale, 'plan');
    await user.clear(due());
    await user.type(due(), typed);
    expect(kept.plan_items[0]?.due_in_days).toBe(days);
    expect(kept.typed).toEqual({});
  });

  it.each(['1.5', '1-2', '-3', '731', '1e2', 'soon'])(
    'days until a task: %j never leaves the old number behind',
    async (typed) => {
      const { user, due } = await open(locale, 'plan');
      await user.clear(due());
      await user.type(due(), typed);
      await user.tab();
      expect(kept.plan_items[0]?.due_in_days).toBeNull();
      expect(kept.typed).toEqual({ [dueField('p1')]: typed });
      expect(due().value).toBe(typed);
      await waitFor(() => expect(due().getAttribute('aria-invalid')).toBe('true'));
    },
  );

  it('an emptied field of days means no date', async () => {
    const { user, due } = await open(locale, 'plan');
    await user.clear(due());
    expect(kept.plan_items[0]?.due_in_days).toBeNull();
    expect(kept.typed).toEqual({});
  });
});

it('what is pasted is read like what is typed', async () => {
  const { user, kind, value } = await open('en', 'vitals');
  await kind('29463-7');
  fireEvent.change(value(), { target: { value: ' １５０．５ ' } });
  await user.click(value());
  await user.keyboard('{Enter}');
  expect(kept.vitals).toMatchObject([{ value: 68.27 }]);
});
