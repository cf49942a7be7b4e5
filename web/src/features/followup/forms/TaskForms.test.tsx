import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { api } from '@/lib/api/client';
import { useOpened } from '@/lib/focus/useOpened';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import type { Task } from '../queries';
import { CloseForm } from './CloseForm';
import { MessageForm } from './MessageForm';
import { OutreachForm } from './OutreachForm';

// The test's browser has no fonts, for which a field that grows with its text waits.
beforeAll(() => Object.assign(document, { fonts: new EventTarget() }));
afterEach(() => vi.restoreAllMocks());

const TASK = {
  id: '1',
  title: 'Call',
  patient_id: '2',
  patient_name: 'Ada',
  visit_id: null,
} as Task;
const FORMS = {
  attempt: (done: () => void) => <OutreachForm task={TASK} onDone={done} />,
  message: (done: () => void) => <MessageForm task={TASK} onDone={done} />,
  complete: (done: () => void) => <CloseForm task={TASK} how="complete" onDone={done} />,
  cancel: (done: () => void) => <CloseForm task={TASK} how="cancel" onDone={done} />,
};
type Form = keyof typeof FORMS;

function Opener({ form }: { form: Form }) {
  const { opened, open, close } = useOpened<Form>();
  return (
    <>
      <button type="button" onClick={() => open(form)}>
        Open it
      </button>
      {opened && FORMS[opened](close)}
    </>
  );
}

async function openForm(form: Form) {
  await catalogues.load('common');
  await catalogues.load('followup');
  vi.spyOn(api, 'GET').mockImplementation((async () => ({ data: [] })) as never);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <Opener form={form} />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  const opener = screen.getByRole('button', { name: 'Open it' });
  await userEvent.click(opener);
  return opener;
}

it.each(Object.keys(FORMS) as Form[])('Escape closes the form: %s', async (form) => {
  const opener = await openForm(form);
  expect(document.activeElement?.closest('form')).toBe(screen.getByRole('form'));
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('form')).toBeNull();
  expect(document.activeElement).toBe(opener);
});

it('an Escape that closes a list of choices leaves the form open', async () => {
  await openForm('attempt');
  await userEvent.keyboard('{ArrowDown}');
  expect(document.activeElement?.getAttribute('aria-expanded')).toBe('true');
  await userEvent.keyboard('{Escape}');
  expect(screen.getByRole('form')).toBeTruthy();
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('form')).toBeNull();
});
