import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import type { ChartSummary, Note } from '../../queries';
import { complete } from '../content';
import type { NoteSession } from '../session';
import { FinishReview } from './FinishReview';

const EMPTY = { subjective: '', objective: '', assessment: '', plan: '' };
const SEAL = 'ab'.repeat(32);
const DRAFTS = [
  { id: 'rx1', drug: 'amoxicillin 500 mg capsule' },
  { id: 'rx2', drug: 'ibuprofen 400 mg tablet' },
];

const SUMMARY = {
  patient: {
    id: 'p1',
    name: 'Ana Núñez',
    given: 'Ana',
    family: 'Núñez',
    birth_date: '1984-03-09',
    sex: 'female',
    birth_sex: 'unknown',
    clinical_sex: 'female',
    gender_identity: 'unknown',
    pronouns: 'she',
    pronouns_other: '',
    mrn: '77',
  },
  allergies: [],
  medicines: [],
  problems: [],
  nothing_known: {},
} as unknown as ChartSummary;

/** A server on which a second prescription is begun after the first look; what it is asked to discard. */
function server() {
  const discarded: string[][] = [];
  let looks = 0;
  vi.spyOn(api, 'GET').mockImplementation((async (path: string) => ({
    data: path.endsWith('/namesakes') ? { others: 8 } : { items: [] },
  })) as never);
  vi.spyOn(api, 'POST').mockImplementation((async (path: string, init: { body: never }) => {
    if (path.endsWith('/ready')) {
      looks += 1;
      const document = JSON.stringify({
        content: EMPTY,
      });
      return { data: { version: 3, sha256: SEAL, document, unsigned: DRAFTS.slice(0, looks) } };
    }
    const { discard_drafts } = init.body as { discard_drafts: string[] };
    discarded.push(discard_drafts);
    if (discard_drafts.length < 2) throw new ApiProblem(409, 'unsigned_prescriptions');
    return { data: {} };
  }) as never);
  return discarded;
}

afterEach(() => vi.restoreAllMocks());

it('names what is unsigned, and discards only what it has shown', async () => {
  await catalogues.load('common');
  await catalogues.load('chart');
  await catalogues.load('chart/strip');
  const discarded = server();
  const onFinished = vi.fn();
  const session = {
    flush: async () => true,
    snapshot: () => ({ version: 3, content: complete(EMPTY) }),
  };
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <FinishReview
            summary={SUMMARY}
            note={{ id: 'n1', visit_id: 'v1', patient_id: 'p1' } as Note}
            session={session as unknown as NoteSession}
            onClose={() => {}}
            onMissing={() => {}}
            onFinished={onFinished}
          />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  const user = userEvent.setup();
  for (const mark of [/Mar 9, 1984 \(\d+ y\)/, /MRN 77/, /^Female · she/, /8 other patients/]) {
    await screen.findByText(mark);
  }
  await screen.findByText(/amoxicillin 500 mg capsule is drafted but not signed/);
  await user.click(screen.getByRole('button', { name: 'Discard it, sign and finish' }));
  await screen.findByText(/ibuprofen 400 mg tablet is drafted but not signed/);
  expect(onFinished).not.toHaveBeenCalled();
  await user.click(screen.getByRole('button', { name: 'Discard them, sign and finish' }));
  await waitFor(() => expect(onFinished).toHaveBeenCalled());
  expect(discarded).toEqual([['rx1'], ['rx1', 'rx2']]);
});

it('does not finish over a number that is typed and no part of the note', async () => {
  await catalogues.load('common');
  await catalogues.load('chart');
  await catalogues.load('chart/strip');
  server();
  const onMissing = vi.fn();
  const item = { id: 'p1', kind: 'call', title: 'Call', due_in_days: null, detail: '' } as const;
  const content = {
    ...complete(EMPTY),
    plan_items: [item],
    typed: { 'vital 29463-7': '150.5', 'due p1': '1x' },
  };
  const session = { flush: async () => true, snapshot: () => ({ version: 3, content }) };
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <FinishReview
            summary={SUMMARY}
            note={{ id: 'n1', visit_id: 'v1', patient_id: 'p1' } as Note}
            session={session as unknown as NoteSession}
            onClose={() => {}}
            onMissing={onMissing}
            onFinished={() => {}}
          />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  await waitFor(() => expect(onMissing).toHaveBeenCalled());
  const [problem] = onMissing.mock.calls[0] as [ApiProblem];
  expect(problem.fields).toEqual([
    { path: 'content.vitals.new', code: 'vital_not_added' },
    { path: 'content.plan_items.0.due_in_days', code: 'number_unreadable' },
  ]);
  expect(api.POST).not.toHaveBeenCalled();
});

it('shows another adult with the child than the note names, and the editor goes on from what was added', async () => {
  await Promise.all(['common', 'chart', 'chart/strip'].map((slice) => catalogues.load(slice)));
  server();
  const line = 'With the child: Eva Lopez (relative, not verified), +15184625009.';
  const content = { ...EMPTY, subjective: 'With the child: her sister.' };
  vi.spyOn(api, 'POST').mockImplementation((async () => ({
    data: {
      version: 4,
      sha256: SEAL,
      document: JSON.stringify({ content }),
      unsigned: [],
      adult: line,
    },
  })) as never);
  const follow = vi.fn();
  const session = {
    flush: async () => true,
    snapshot: () => ({ version: 3, content: complete(EMPTY) }),
    follow,
  };
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <FinishReview
            summary={SUMMARY}
            note={{ id: 'n1', visit_id: 'v1', patient_id: 'p1' } as Note}
            session={session as unknown as NoteSession}
            onClose={() => {}}
            onMissing={() => {}}
            onFinished={() => {}}
          />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  await screen.findByText(/The visit has: “With the child: Eva Lopez/);
  expect(follow).toHaveBeenCalledWith(4, complete(content));
});
