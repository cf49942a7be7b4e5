import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { api } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import { sessionQuery } from '@/lib/session/session';
import RelatedPersons from './RelatedPersons';
import type { Related } from './related';

const ANA = {
  id: 'r1',
  name: 'Ana Reyes',
  relationship: 'MTH',
  scope: 'full',
  phone: '+12125550142',
  signs_in: true,
  acts: false,
  since: '2026-11-01T12:00:00Z',
  added_by: 'Kim Cole',
  add_reason: 'She called',
  verified_by: 'Kim Cole',
  proof_note: 'Showed her ID',
  ended_by: '',
  end_reason: '',
} as Related;
const VERIFIED = { ...ANA, acts: true, verified_at: '2026-11-02T12:00:00Z', proof: 'photo_id' };
const FORMER = { ...VERIFIED, id: 'r2', name: 'Luis Reyes', ended_at: '2026-11-03T12:00:00Z' };

async function show(related: unknown[], permissions: string[]) {
  await Promise.all(
    ['common', 'chart', 'chart/related', 'profile/relations'].map((slice) =>
      catalogues.load(slice),
    ),
  );
  await chooseLocale('en');
  vi.spyOn(api, 'GET').mockImplementation((async (path: string) => ({
    data: path.endsWith('/account') ? { contacts: [], passkeys: 0 } : related,
  })) as never);
  const queries = new QueryClient();
  queries.setQueryData(sessionQuery.queryKey, {
    permissions,
    roles: ['coordinator'],
    clinic: { time_zone: 'America/New_York' },
  } as never);
  render(
    <QueryClientProvider client={queries}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <RelatedPersons patientId="p1" />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  await screen.findByRole('heading');
  return userEvent.setup();
}

// jsdom has no fonts, for which a field that grows with its text waits.
beforeAll(() => Object.assign(document, { fonts: new EventTarget() }));

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it('shows a clinician who acts and who did, and nothing to change', async () => {
  await show([VERIFIED, FORMER], ['related.read']);
  expect(await screen.findByText('Ana Reyes, mother')).toBeTruthy();
  expect(screen.getByText('1 person who acted before')).toBeTruthy();
  expect(screen.queryAllByRole('button')).toEqual([]);
});

it('offers to verify only whom nobody has verified', async () => {
  await show([ANA, { ...VERIFIED, id: 'r3', name: 'Eva Reyes' }], ['related.manage']);
  expect(await screen.findByRole('button', { name: 'Verify Ana Reyes' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Verify Eva Reyes' })).toBeNull();
});

it('shows a child’s own account on the same telephone, and disables it in one step', async () => {
  const user = await show(
    [{ ...VERIFIED, childs_account: true }],
    ['related.manage', 'patient.account'],
  );
  await catalogues.load('chart/account');
  expect(await screen.findByText(/Ana Reyes takes its place/)).toBeTruthy();
  await user.click(await screen.findByRole('button', { name: 'Disable the child’s account' }));
  expect(await screen.findByRole('dialog', { name: 'Disable the account' })).toBeTruthy();
});

it('asks for a birth date beside a phone, and says who is there already', async () => {
  const user = await show([], ['related.manage']);
  vi.spyOn(api, 'POST').mockRejectedValue(new ApiProblem(409, 'already_related'));
  await user.click(await screen.findByRole('button', { name: 'Add a person' }));
  const dialog = within(await screen.findByRole('dialog'));
  await user.type(dialog.getByLabelText('Last name'), 'Reyes');
  await user.selectOptions(dialog.getByLabelText(/What they are/), 'MTH');
  await user.type(dialog.getByLabelText(/Phone or e-mail/), '212 555 0142');
  await user.type(dialog.getByLabelText('Reason'), 'She called and asked');
  const send = dialog.getByRole('button', { name: 'Add, then verify' });
  await user.click(send);
  expect(dialog.getByText('Please fill this in.')).toBeTruthy();
  expect(api.POST).not.toHaveBeenCalled();
  await user.type(dialog.getByLabelText('Date of birth'), '1990-04-02');
  await user.click(send);
  expect(await dialog.findByText(/already on this list/)).toBeTruthy();
});
