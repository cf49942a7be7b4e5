import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import { sessionQuery } from '../session';
import { SigningOff, useMaySign } from './SigningOff';

function Sign() {
  return (
    <>
      <SigningOff />
      <button type="button" disabled={!useMaySign()}>
        Sign
      </button>
    </>
  );
}

async function show(locale: 'en' | 'es', roles: string[], waits_for: string[]): Promise<void> {
  await catalogues.load('admin/signing');
  await chooseLocale(locale);
  const client = new QueryClient();
  client.setQueryData(sessionQuery.queryKey, { roles, waits_for } as never);
  render(
    <QueryClientProvider client={client}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <Sign />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
}

const off = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Sign' }).disabled;

describe('SigningOff', () => {
  it.each([
    ['en', ['clinician'], /e-mail address, NPI and licenses\. You cannot sign or prescribe/],
    [
      'es',
      ['clinician'],
      /correo electrónico, NPI y licencias\. Hasta entonces no puede firmar ni recetar/,
    ],
    ['en', ['admin'], /e-mail address, NPI and licenses\. You cannot change people or settings/],
  ] as const)('says in %s to %s what was changed and what is off', async (locale, roles, words) => {
    await show(locale, [...roles], ['email', 'npi', 'licenses']);
    expect(screen.getByRole('note').textContent).toMatch(words);
    expect(off()).toBe(true);
  });

  it('is not there while all is well', async () => {
    await show('en', ['clinician'], []);
    expect(screen.queryByRole('note')).toBeNull();
    expect(off()).toBe(false);
  });
});
