import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { outbox } from '@/lib/outbox/device';
import { redFlagsQuery } from '@/lib/redFlags/query';
import { sessionQuery } from '@/lib/session/session';
import { UrgentAsk } from './UrgentAsk';

const rule = (id: string) => ({
  id,
  level: 'emergency',
  line: 'emergency',
  ask: { en: `Do you have ${id}?`, es: '' },
  title: { en: `It may be ${id}`, es: '' },
  advice: { en: 'Call now.', es: '' },
});

const reached = async () => ({ response: new Response(null, { status: 204 }) });
const away = async () => {
  throw new ApiProblem(0, 'unreachable');
};

async function show(server: () => Promise<unknown> = reached) {
  await Promise.all([catalogues.load('common'), catalogues.load('messaging')]);
  vi.spyOn(api, 'POST').mockImplementation(server as never);
  const queries = new QueryClient();
  queries.setQueryData(redFlagsQuery.queryKey, {
    rules: [rule('chest pain'), rule('stroke')],
    numbers: { crisis: '988' },
    mentioned: () => new Set(['chest pain', 'stroke']),
  } as never);
  queries.setQueryData(sessionQuery.queryKey, {
    roles: ['patient'],
    clinic: { emergency_number: '911' },
  } as never);
  render(
    <QueryClientProvider client={queries}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <form>
            <textarea aria-label="Message" />
            <UrgentAsk text="my chest" threadId={null} />
          </form>
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

const answer = (name: 'Yes' | 'No') => screen.getAllByRole('button', { name })[0] as HTMLElement;
afterEach(() => vi.restoreAllMocks());

it('takes whoever says yes to the number to call, and brings it into sight', async () => {
  const user = await show();
  const scrolled = vi.spyOn(Element.prototype, 'scrollIntoView').mockImplementation(() => {});
  await user.click(answer('Yes'));
  const call = screen.getByRole('link', { name: 'Call 911 now' });
  expect(document.activeElement).toBe(call);
  expect(scrolled.mock.contexts).toContain(call);
});

it('takes whoever says no to the next question, and then back to what they write', async () => {
  const user = await show();
  await user.click(answer('No'));
  expect(document.activeElement).toBe(answer('Yes'));
  await user.click(answer('No'));
  expect(document.activeElement).toBe(screen.getByLabelText('Message'));
});

it('says that the clinic was told, of a yes and of a no', async () => {
  const user = await show();
  await user.click(answer('Yes'));
  expect(await screen.findByText('The clinic has been told.')).toBeTruthy();
  await user.click(answer('No'));
  await waitFor(() =>
    expect(
      vi
        .mocked(api.POST)
        .mock.calls.slice(-2)
        .map((call) => call[1]),
    ).toMatchObject([
      { body: { rule: 'chest pain', yes: true } },
      { body: { rule: 'stroke', yes: false } },
    ]),
  );
});

it('says that the clinic does not know yet, and tells it when the connection is back', async () => {
  const user = await show(away);
  await user.click(answer('Yes'));
  expect(await screen.findByText(/the clinic does not know yet/)).toBeTruthy();
  vi.mocked(api.POST).mockImplementation(reached as never);
  outbox.poke();
  expect(await screen.findByText('The clinic has been told.')).toBeTruthy();
});
