import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { components } from '@/lib/api/schema';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import { AuditTable } from './AuditTable';

type Entry = components['schemas']['AuditEntry'];

const entry = (action: string, shown: number, detail: Entry['detail']) =>
  ({
    seq: 1,
    at: '2026-11-26T15:00:00Z',
    who: 'Kim Cole',
    roles: ['coordinator'],
    action,
    shown,
    detail,
    searched: false,
  }) as Entry;

beforeAll(() =>
  Promise.all(['common', 'admin', 'visits/queue'].map((each) => catalogues.load(each))),
);
afterEach(() => chooseLocale('en'));

async function show(one: Entry, locale: 'en' | 'es') {
  await chooseLocale(locale);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <AuditTable entries={[one]} />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  return screen.getAllByRole('row').at(-1)?.textContent ?? '';
}

it.each([
  ['task.list', 'en', '14 tasks of 9 patients shown'],
  ['task.list', 'es', 'Se mostraron 14 tareas de 9 pacientes'],
  ['thread.list', 'en', '14 conversations of 9 patients shown'],
  ['audit.search', 'en', '14 entries of 9 patients shown'],
] as const)('says once what a list showed: %s, %s', async (action, locale, words) => {
  const row = await show(entry(action, 9, { count: 14 }), locale);
  expect(row).toContain(words);
  expect(row.match(/14/g)).toHaveLength(1);
});

it('says how many patients where each stands in one row', async () => {
  const row = await show(entry('queue.read', 4, { count: 4 }), 'en');
  expect(row).toContain('4 patients shown');
  expect(row.match(/4 /g)).toHaveLength(1);
});

it.each([
  ['en', 'kind answers before the visit', 'flag Trouble breathing'],
  ['es', 'tipo respuestas antes de la consulta', 'alerta Dificultad para respirar'],
] as const)('has words for records and flags: %s', async (locale, record, flag) => {
  const row = await show(
    entry('record.create', 0, { type: 'QuestionnaireResponse', flag: 'breathing' }),
    locale,
  );
  expect(row).toContain(record);
  expect(row.toLowerCase()).toContain(flag.toLowerCase());
});
