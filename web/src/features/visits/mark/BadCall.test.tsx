import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import BadCall from './BadCall';

afterEach(() => vi.restoreAllMocks());

async function show(server: () => Promise<unknown>) {
  await Promise.all([catalogues.load('common'), catalogues.load('visits/mark')]);
  const bodies: unknown[] = [];
  vi.spyOn(api, 'POST').mockImplementation(((_path: string, { body }: { body: unknown }) => {
    bodies.push(body);
    return server();
  }) as never);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <BadCall visitId="v" attempt="a" />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  return bodies;
}

const tap = () => userEvent.click(screen.getByRole('button', { name: 'Bad call' }));
const kept = async () => ({ response: new Response(null, { status: 204 }) });

it('is one tap, and asks nothing more than one wants to say', async () => {
  const sent = await show(kept);
  await tap();
  await screen.findByText(/can see that this call was bad/);
  expect(sent).toEqual([{ attempt_id: 'a', reason: 'unsaid' }]);
  const reason = screen.getByRole('button', { name: 'No sound' });
  await userEvent.click(reason);
  expect(reason.getAttribute('aria-pressed')).toBe('true');
  expect(sent.at(-1)).toEqual({ attempt_id: 'a', reason: 'no_sound' });
});

it('says that it was not kept, and can be tapped again', async () => {
  await show(async () => {
    throw new ApiProblem(409, 'call_over');
  });
  await tap();
  await screen.findByText('This call was over too long ago to be marked.');
  await tap();
});
