import { MantineProvider, Modal } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { StepUp } from './StepUp';
import { useStepUpFor } from './stepUpFor';

const NOTE = '/api/notes/{note_id}/addenda';

/** A dialog in which something is typed and sent, as the administrator's and the clinician's are. */
function Page() {
  useStepUpFor('Sign the note of Ana Ruiz');
  const send = useAction({
    run: (text: string, init) =>
      take(api.POST(NOTE, { params: { path: { note_id: '1' } }, body: { text }, ...init })),
  });
  return (
    <Modal opened onClose={() => send.reset()} title="A note" transitionProps={{ duration: 0 }}>
      <input aria-label="Words" />
      <button
        type="button"
        onClick={() => send.mutate((screen.getByLabelText('Words') as HTMLInputElement).value)}
      >
        Sign
      </button>
      <output>{send.isSuccess && 'signed'}</output>
      <FormProblem of={send.error} />
    </Modal>
  );
}

interface Sent {
  path: string;
  body: { text?: string; code?: string };
  key: string | null;
}

const problem = (status: number, code: string, fields: unknown[] = []) =>
  new Response(JSON.stringify({ status, code, fields }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });

/** A page before an API that takes what is signed once the right code was shown; what it was sent. */
async function setUp() {
  await catalogues.load('common');
  const sent: Sent[] = [];
  let shown = false;
  vi.stubGlobal('fetch', async (request: Request) => {
    const body = await request.json();
    const { pathname } = new URL(request.url);
    sent.push({ path: pathname, body, key: request.headers.get('idempotency-key') });
    if (pathname === '/api/session/step-up') {
      if (body.code !== '123456') {
        return problem(422, 'invalid', [{ path: 'code', code: 'code_refused' }]);
      }
      shown = true;
    } else if (!shown) return problem(403, 'step_up_required');
    return Response.json({});
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <Page />
          <StepUp />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  const user = userEvent.setup();
  await user.type(screen.getByLabelText('Words'), 'rest and fluids');
  await user.click(screen.getByRole('button', { name: 'Sign' }));
  const code = await screen.findByLabelText('Code from your authenticator app');
  return { signed: () => sent.filter(({ path }) => path.endsWith('/addenda')), user, code };
}

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

describe('StepUp', () => {
  it('asks for the code where the API wants it and goes on with what was being done', async () => {
    const { signed, user, code } = await setUp();
    screen.getByText('Sign the note of Ana Ruiz');
    await user.type(code, '000000');
    await user.click(screen.getByRole('button', { name: 'Confirm' }));
    await waitFor(() => expect(code.getAttribute('aria-invalid')).toBe('true'));
    expect(signed()).toHaveLength(1);
    await user.clear(code);
    await user.type(code, '123456');
    await user.click(screen.getByRole('button', { name: 'Confirm' }));
    await screen.findByText('signed');
    expect(signed().map(({ body }) => body.text)).toEqual(['rest and fluids', 'rest and fluids']);
    expect(new Set(signed().map(({ key }) => key)).size).toBe(1);
    expect(screen.queryByLabelText('Code from your authenticator app')).toBeNull();
  });

  it('says that nothing was done when it is closed, and keeps what was typed', async () => {
    const { signed, user } = await setUp();
    await user.keyboard('{Escape}');
    await screen.findByText('Please confirm that it is you first.');
    expect(signed()).toHaveLength(1);
    expect((screen.getByLabelText('Words') as HTMLInputElement).value).toBe('rest and fluids');
  });

  it('asks once for all that wait', async () => {
    const { signed, user, code } = await setUp();
    const second = take(
      api.POST(NOTE, { params: { path: { note_id: '1' } }, body: { text: 'again' } }),
    );
    await waitFor(() => expect(signed()).toHaveLength(2));
    await user.type(code, '123456');
    await user.click(screen.getByRole('button', { name: 'Confirm' }));
    await second;
    expect(signed().map(({ body }) => body.text)).toEqual([
      'rest and fluids',
      'again',
      'rest and fluids',
      'again',
    ]);
  });
});
