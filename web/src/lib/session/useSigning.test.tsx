import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ActionInit } from '@/lib/api/action';
import { api } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { useSigning } from './useSigning';

type Run = (words: string, init: ActionInit) => Promise<string>;

function Page({ run }: { run: Run }) {
  const { sign, dialog } = useSigning({ run });
  return (
    <>
      <button type="button" onClick={() => sign.mutate('rest and fluids')}>
        Sign
      </button>
      <output>{sign.data}</output>
      <FormProblem of={sign.error} />
      {dialog}
    </>
  );
}

/** A page with one thing to sign. The server takes it once a code has been shown; what it was sent. */
async function setUp() {
  await catalogues.load('common');
  const sent: { words: string; key: string }[] = [];
  let shown = false;
  vi.spyOn(api, 'POST').mockImplementation((async (
    _path: string,
    init: { body: { code: string } },
  ) => {
    if (init.body.code !== '123456') {
      throw new ApiProblem(422, 'invalid', [{ path: 'code', code: 'code_refused' }]);
    }
    shown = true;
    return { data: {} };
  }) as never);
  const run: Run = async (words, init) => {
    sent.push({ words, key: init.headers['Idempotency-Key'] });
    if (!shown) throw new ApiProblem(403, 'step_up_required');
    return `signed: ${words}`;
  };
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <Page run={run} />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  return { sent, user: userEvent.setup() };
}

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

describe('useSigning', () => {
  it('asks for the code where it is needed and goes on with what was being signed', async () => {
    const { sent, user } = await setUp();
    await user.click(screen.getByRole('button', { name: 'Sign' }));
    const code = await screen.findByLabelText('Code from your authenticator app');
    await user.type(code, '000000');
    await user.click(screen.getByRole('button', { name: 'Confirm' }));
    await waitFor(() => expect(code.getAttribute('aria-invalid')).toBe('true'));
    expect(sent).toHaveLength(1);
    await user.clear(code);
    await user.type(code, '123456');
    await user.click(screen.getByRole('button', { name: 'Confirm' }));
    await screen.findByText('signed: rest and fluids');
    expect(sent.map(({ words }) => words)).toEqual(['rest and fluids', 'rest and fluids']);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('says that nothing is signed when the dialog is closed', async () => {
    const { sent, user } = await setUp();
    await user.click(screen.getByRole('button', { name: 'Sign' }));
    await user.click(await screen.findByRole('button', { name: 'Close' }));
    await screen.findByText('Please confirm that it is you first.');
    expect(sent).toHaveLength(1);
  });
});
