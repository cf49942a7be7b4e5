import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { ApiProblem } from '@/lib/api/problem';
import { drafts } from './drafts';
import { useKeptForm } from './useKeptForm';

/** The device: what is kept there outlives the page. */
function device() {
  const kept = new Map<string, string>();
  vi.spyOn(drafts, 'keep').mockImplementation(async (name, value) => {
    kept.set(name, JSON.stringify(value));
    return true;
  });
  vi.spyOn(drafts, 'read').mockImplementation(async (name) => JSON.parse(kept.get(name) ?? 'null'));
  vi.spyOn(drafts, 'drop').mockImplementation((name) => void kept.delete(name));
  return kept;
}

function Form({ send, now = '' }: { send: (note: string) => Promise<unknown>; now?: string }) {
  const form = useKeptForm('note', {
    initialValues: { note: now, proof: '' },
    forgotten: ['proof'],
    submit: ({ note }) => send(note),
  });
  return (
    <form {...form.props}>
      <input aria-label="Note" {...form.field('note')} />
      <input aria-label="Proof" {...form.field('proof')} />
      <p>{form.problem?.code}</p>
      <button type="submit">Send</button>
    </form>
  );
}

const field = (name = 'Note') => screen.getByLabelText<HTMLInputElement>(name).value;
const type = (text: string, name = 'Note') => userEvent.type(screen.getByLabelText(name), text);
const send = () => fireEvent.click(screen.getByText('Send'));
const away = async () => {
  throw new ApiProblem(0, 'unreachable');
};

it('has the text in its field and on the device when the API is away, also on the next page', async () => {
  device();
  const page = render(<Form send={away} />);
  await type('Called at nine');
  await type('passport', 'Proof');
  send();
  expect(await screen.findByText('unreachable')).toBeTruthy();
  expect(field()).toBe('Called at nine');
  page.unmount();
  render(<Form send={away} />);
  await waitFor(() => expect(field()).toBe('Called at nine'));
  expect(field('Proof')).toBe('');
});

it('is empty once it was sent, and the text of a form that was emptied is gone too', async () => {
  const kept = device();
  const page = render(<Form send={async () => undefined} />);
  await type('Called');
  await waitFor(() => expect(kept.size).toBe(1));
  send();
  await waitFor(() => expect(kept.size).toBe(0));
  page.unmount();
  expect(kept.size).toBe(0);
});

it('puts nothing back over what somebody has changed meanwhile, or is being typed', async () => {
  device();
  const page = render(<Form send={away} now="Old" />);
  await type(' and mine');
  page.unmount();
  const changed = render(<Form send={away} now="Newer" />);
  await act(async () => undefined);
  expect(field()).toBe('Newer');
  changed.unmount();
});
