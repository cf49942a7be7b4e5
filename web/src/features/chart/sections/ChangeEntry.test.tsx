import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import { startSending } from '@/lib/outbox/device';
import type { ChartSection, SectionItem } from './queries';
import { Sections } from './Sections';

const same = (words: string) => ({ en: words, es: words });
const field = (name: string, more: Partial<ChartSection['fields'][number]> = {}) => ({
  name,
  label: same(name),
  kind: 'text',
  required: false,
  asked: true,
  choices: [],
  ...more,
});
const item = (version: number, values: Record<string, string>): SectionItem => ({
  id: 'r1',
  version,
  title: same(values.Goal ?? ''),
  facts: [],
  when: null,
  due: null,
  source: 'clinician',
  values,
});
const section = (items: SectionItem[]): ChartSection => ({
  type: 'Goal',
  title: same('Goals'),
  none: same('No goals'),
  add: same('Add a goal'),
  fields: [
    field('Goal', { required: true }),
    field('Due', { kind: 'date' }),
    field('Status', {
      kind: 'choice',
      asked: false,
      choices: [
        { value: 'active', label: same('Going on') },
        { value: 'done', label: same('Done') },
      ],
    }),
  ],
  items,
  more: false,
});

let stored: SectionItem;
let sent: unknown[];
let stop: () => void;

/** The server: a change on another version is refused, as the record does it. */
async function answer(request: Request): Promise<Response> {
  if (request.method === 'GET') return Response.json([section([stored])]);
  const body = await request.json();
  sent.push(body);
  if (body.version !== stored.version) {
    const problem = { status: 409, code: 'record_stale', data: { version: stored.version } };
    return Response.json(problem, { status: 409 });
  }
  stored = item(stored.version + 1, { ...stored.values, ...body.values });
  return Response.json(stored);
}

beforeEach(async () => {
  stored = item(1, { Goal: 'Walk', Due: '2030', Status: 'odd' });
  sent = [];
  vi.stubGlobal('fetch', answer);
  await Promise.all(['chart', 'chart/sections'].map((slice) => catalogues.load(slice)));
  await chooseLocale('en');
  const client = new QueryClient();
  stop = startSending((keys) =>
    Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey }))),
  );
  render(
    <QueryClientProvider client={client}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <Sections patientId="p1" editable visitId={null} />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  await userEvent.click(await screen.findByRole('button', { name: 'What to do with Walk' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Change' }));
});
afterEach(() => {
  stop();
  cleanup();
  vi.unstubAllGlobals();
});

const input = (name: string) => screen.getByLabelText(name) as HTMLInputElement;

it('shows what stands, also a status that it has no word for, and sends only what was changed', async () => {
  expect([input('Goal').value, input('Due').value, input('Status').value]).toEqual([
    'Walk',
    '2030',
    'odd',
  ]);
  await userEvent.type(input('Due'), '-05{Enter}');
  await vi.waitFor(() => expect(sent).toEqual([{ values: { Due: '2030-05' }, version: 1 }]));
  await vi.waitFor(() => expect(screen.queryByLabelText('Due')).toBeNull());
});

it('keeps what was typed when somebody else was faster, says what stands now, and saves over it', async () => {
  await userEvent.clear(input('Goal'));
  await userEvent.type(input('Goal'), 'Run');
  stored = item(2, { Goal: 'Walk a mile', Due: '2031', Status: 'odd' });
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText(/Somebody changed this/);
  expect(input('Goal').value).toBe('Run');
  expect(input('Due').value).toBe('2030');
  expect(screen.getByText('Now: Walk a mile.')).toBeTruthy();
  expect(screen.getByText(/Now: 2031\./)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await vi.waitFor(() =>
    expect(stored.values).toEqual({ Goal: 'Run', Due: '2031', Status: 'odd' }),
  );
  expect(sent.at(-1)).toEqual({ values: { Goal: 'Run' }, version: 2 });
});

it('does not let a name be emptied, and gives up on Escape', async () => {
  await userEvent.clear(input('Goal'));
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(input('Goal').getAttribute('aria-invalid')).toBe('true');
  expect(sent).toEqual([]);
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
});
