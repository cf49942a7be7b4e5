import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import type { PatientAccount } from './account';
import { DeedDialog } from './DeedDialog';

// jsdom has no fonts, for which a field that grows with its text waits.
beforeAll(() => Object.assign(document, { fonts: new EventTarget() }));
afterEach(cleanup);

async function correct(clinical_sex: PatientAccount['gender']['clinical_sex']) {
  await Promise.all(['common', 'chart', 'chart/account'].map((each) => catalogues.load(each)));
  await catalogues.use('en');
  const account = {
    sex: 'male',
    gender: { clinical_sex, birth_sex: 'unknown', gender_identity: 'unknown', pronouns: 'unknown' },
    birth_date: '1980-01-01',
    contacts: [],
    given: 'Kim',
    family: 'Hale',
  } as unknown as PatientAccount;
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <DeedDialog
            patientId="p1"
            account={account}
            deed={{ verb: 'person' }}
            onClose={() => undefined}
          />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  const user = userEvent.setup();
  await user.selectOptions(await screen.findByLabelText('Legal sex'), 'female');
  return screen.getByLabelText<HTMLSelectElement>('Sex for clinical use');
}

it('moves the sex for clinical use along that came of the legal sex, and says so', async () => {
  const clinical = await correct('male');
  expect(clinical.value).toBe('female');
  expect(screen.getByText(/Moved along with the legal sex/)).toBeTruthy();
});

it('leaves one that was decided apart', async () => {
  const clinical = await correct('specified');
  expect(clinical.value).toBe('specified');
  expect(screen.queryByText(/Moved along/)).toBeNull();
});
