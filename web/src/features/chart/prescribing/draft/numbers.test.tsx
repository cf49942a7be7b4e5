import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '@/lib/api/client';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import { type Draft, draftQuery, type Form, type SigWords, sigWordsQuery } from '../model';
import { draft as sample } from '../sample';
import { DraftEditor } from './DraftEditor';

const word = (key: string, en: string, es: string) => ({ key, text: { en, es } });
const WORDS: SigWords = {
  units: [word('tablet', 'tablets', 'tabletas')],
  dispensed: [word('tablet', 'tablets', 'tabletas')],
  frequencies: [word('bid', 'twice a day', 'dos veces al día')],
  reasons: [],
  notes: [],
  sites: {},
};
const said = ({ sig }: Pick<Form, 'sig'>) => `Take ${sig.dose}..${sig.dose_max} for ${sig.days}.`;
const DRAFT: Draft = {
  ...sample,
  drug: { ...sample.drug, units: ['tablet'], dispensed: 'tablet' },
  sig: { ...sample.sig, unit: 'tablet' },
  line: { ...sample.line, unit: 'tablet', sig_text: { en: said(sample), es: said(sample) } },
};

/** A server that takes every draft; what it was sent. */
let sent: (Form & { version: number; unread: string[] })[];
let stored: Draft;

beforeEach(() => {
  // The editor of the test before may still be saving: to its own server.
  const mine: typeof sent = [];
  sent = mine;
  stored = DRAFT;
  vi.spyOn(api, 'PUT').mockImplementation((async (_path: string, { body }: { body: never }) => {
    const form = body as (typeof sent)[number];
    mine.push(form);
    if (mine !== sent) return { data: DRAFT };
    const text = said(form);
    const line = { ...stored.line, refills: form.refills, sig_text: { en: text, es: text } };
    const wrong = Object.fromEntries(form.unread.map((path) => [path, 'number_unreadable']));
    stored = { ...stored, ...form, version: form.version + 1, line, wrong } as Draft;
    return { data: stored };
  }) as never);
  vi.spyOn(api, 'GET').mockImplementation((async (path: string) =>
    path.endsWith('key')
      ? { data: { key: btoa('k'.repeat(32)) } }
      : { data: { items: [] } }) as never);
});
afterEach(cleanup);

async function open(locale: 'en' | 'es') {
  await catalogues.load('chart/prescribing');
  await chooseLocale(locale);
  const client = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } },
  });
  client.setQueryData(draftQuery(DRAFT.line.id).queryKey, stored);
  client.setQueryData(sigWordsQuery.queryKey, WORDS);
  const { unmount } = render(
    <QueryClientProvider client={client}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <DraftEditor patientId="p1" id={DRAFT.line.id} onDone={() => {}} />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  const named = (name: RegExp) => screen.getByLabelText<HTMLInputElement>(name);
  const fields = {
    dose: () => named(/^(Dose|Dosis) \(/),
    days: () => named(/^(Days|Días)$/),
    quantity: () => named(/^(Quantity|Cantidad) \(/),
    lasts: () => named(/^(Lasts|Dura|Alcanza)/),
    refills: () => named(/^(Refills|Resurtidos)$/),
  };
  const user = userEvent.setup();
  const retype = async (field: keyof typeof fields, text: string) => {
    await user.clear(fields[field]());
    if (text) await user.type(fields[field](), text);
  };
  const sign = () => screen.getByText(/^(Sign and send|Firmar y enviar)$/).closest('button');
  return { user, retype, sign, unmount, ...fields };
}

describe.each(['en', 'es'] as const)('a prescription typed key by key in %s', (locale) => {
  it.each([
    ['2', 2, null],
    ['1/2', 0.5, null],
    ['1 1/2', 1.5, null],
    ['½', 0.5, null],
    ['1,5', 1.5, null],
    ['1-2', 1, 2],
    ['1 to 2', 1, 2],
    ['½ a 1 tableta', 0.5, 1],
  ])('dose %j is %d to %j', async (text, dose, most) => {
    const { retype, dose: field, sign } = await open(locale);
    await retype('dose', text);
    expect(field().value).toBe(text);
    await waitFor(() => expect(sent.at(-1)?.sig).toMatchObject({ dose, dose_max: most }));
    await screen.findByText(`Take ${dose}..${most} for 10.`);
    await waitFor(() => expect(sign()?.disabled).toBe(false));
    expect(field().value).toBe(text);
  });

  it.each([
    ['dose', ''],
    ['dose', '1-'],
    ['dose', '1-1/2'],
    ['dose', '2-1'],
    ['dose', '12/2'],
    ['dose', '1,000'],
    ['dose', '1e-9'],
    ['dose', '-1'],
    ['dose', '5 mg'],
    ['days', '1.5'],
    ['days', '366'],
    ['quantity', ''],
    ['quantity', '1/2'],
    ['quantity', '1,000'],
    ['quantity', '10000'],
    ['lasts', '0'],
    ['lasts', '1e2'],
    ['refills', ''],
    ['refills', '1.5'],
    ['refills', '12'],
    ['refills', '-1'],
  ] as const)(
    '%s %j blocks, and nothing that stood before is kept as meant',
    async (name, text) => {
      const { user, retype, sign, unmount, ...fields } = await open(locale);
      await retype(name, text);
      await user.tab();
      const field = fields[name]();
      await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
      expect(field.value).toBe(text);
      expect(sign()?.disabled).toBe(true);
      screen.getByText(/^(Correct what is marked, then sign|Corrija lo marcado y luego firme)\.$/);
      const ofSig = name === 'dose' || name === 'days';
      if (ofSig) expect(screen.queryByText(/^Take /)).toBeNull();
      // The server knows it too, for whoever opens the draft elsewhere.
      const path = { dose: 'sig.dose', days: 'sig.days', lasts: 'days_supply' }[name as 'dose'];
      await waitFor(() => expect(sent.at(-1)?.unread).toEqual([path ?? name]));
    },
  );

  it('emptied days mean that it goes on', async () => {
    const { retype } = await open(locale);
    await retype('days', '');
    await waitFor(() => expect(sent.at(-1)?.sig.days).toBeNull());
  });
});

it('keeps text that is no number for when the draft is opened again, and saves the rest', async () => {
  const first = await open('en');
  await first.retype('dose', 'one');
  await first.retype('refills', '3');
  await waitFor(() => expect(sent.at(-1)?.refills).toBe(3));
  await waitFor(() =>
    expect(Object.keys({ ...localStorage }).join()).toContain('prescription.rx1'),
  );
  await waitFor(() => expect(stored.line.refills).toBe(3));
  first.unmount();
  const again = await open('en');
  await waitFor(() => expect(again.dose().value).toBe('one'));
  expect(again.sign()?.disabled).toBe(true);
  expect(again.refills().value).toBe('3');
  await again.retype('dose', '2');
  await waitFor(() => expect(again.sign()?.disabled).toBe(false));
  await waitFor(() =>
    expect({ ...localStorage }).not.toHaveProperty('carethread.draft.prescription.rx1'),
  );
});

it('shows an empty field to whoever opens the draft where the text was not typed', async () => {
  stored = { ...DRAFT, wrong: { 'sig.dose': 'number_unreadable' }, sha256: null };
  const { dose, sign, retype } = await open('en');
  expect(dose().value).toBe('');
  expect(screen.queryByText(/^Take /)).toBeNull();
  expect(sign()?.disabled).toBe(true);
  await retype('dose', '1');
  await waitFor(() => expect(sent.at(-1)).toMatchObject({ unread: [], sig: { dose: 1 } }));
});
