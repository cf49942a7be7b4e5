import { MantineProvider, TextInput } from '@mantine/core';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { ApiProblem } from '@/lib/api/problem';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import { NumberField } from '@/ui/fields/NumberField';
import { FormProblem } from './FormProblem';
import { useForm } from './useForm';

function Place({ answer }: { answer?: ApiProblem }) {
  const form = useForm({
    initialValues: { name: '', location: { zip: '' } },
    checks: (values) => ({ name: !values.name && 'required' }),
    submit: async () => {
      if (answer) throw answer;
    },
  });
  return (
    <form {...form.props}>
      <TextInput label="Name" {...form.field('name')} />
      <TextInput label="Zip" {...form.field('location.zip')} />
      <FormProblem of={form.problem} />
      <button type="submit">Send</button>
    </form>
  );
}

function Minutes({ onSend }: { onSend: (values: unknown) => void }) {
  const form = useForm({
    initialValues: { settings: { minutes: 30 } },
    submit: async (values) => onSend(values),
  });
  return (
    <form {...form.props}>
      <NumberField
        label="Minutes"
        unit="min"
        low={5}
        high={60}
        required
        {...form.field('settings.minutes')}
      />
      <button type="submit">Send</button>
    </form>
  );
}

function Stay() {
  const form = useForm({
    initialValues: { from: '9', until: '8', day: '' },
    checks: ({ from, until }) => ({ until: Number(until) < Number(from) && 'invalid_date' }),
    submit: async () => undefined,
  });
  return (
    <form {...form.props}>
      <TextInput label="From" {...form.field('from')} />
      <TextInput label="Until" {...form.field('until')} />
      <TextInput type="date" label="Day" {...form.field('day')} />
      <button type="submit">Send</button>
    </form>
  );
}

async function setUp(answer?: ApiProblem) {
  await chooseLocale('en');
  render(
    <I18nProvider>
      <MantineProvider env="test">
        <Place {...(answer ? { answer } : {})} />
      </MantineProvider>
    </I18nProvider>,
  );
  return userEvent.setup();
}

const send = () => screen.getByRole('button', { name: 'Send' });

describe('useForm', () => {
  it('says what is missing beside the field and puts the keyboard there', async () => {
    const user = await setUp();
    await user.click(send());
    const name = screen.getByLabelText('Name');
    await waitFor(() => expect(document.activeElement).toBe(name));
    const described = name.getAttribute('aria-describedby') ?? '';
    expect(document.getElementById(described)?.textContent).toBe('Please fill this in.');
  });

  it('puts what the API refuses beside its field and keeps what was typed', async () => {
    const refusal = new ApiProblem(422, 'invalid', [{ path: 'location.zip', code: 'too_long' }]);
    const user = await setUp(refusal);
    await user.type(screen.getByLabelText('Name'), 'Ana');
    await user.type(screen.getByLabelText('Zip'), '123456789012');
    await user.click(send());
    await screen.findByText('This is too long.');
    const zip = screen.getByLabelText<HTMLInputElement>('Zip');
    expect(zip.value).toBe('123456789012');
    await waitFor(() => expect(document.activeElement).toBe(zip));
  });

  it('says it in the new language when the language changes', async () => {
    const user = await setUp();
    await user.click(send());
    await screen.findByText('Please fill this in.');
    await chooseLocale('es');
    expect(await screen.findByText('Complete este campo, por favor.')).toBeTruthy();
  });

  it('shows what belongs to no field as an alert', async () => {
    const user = await setUp(new ApiProblem(0, 'unreachable'));
    await user.type(screen.getByLabelText('Name'), 'Ana');
    await user.click(send());
    await waitFor(() =>
      expect(screen.getByRole('alert').textContent).toContain('could not reach the clinic'),
    );
  });

  it.each(['en', 'es'] as const)('sends no number that cannot be read (%s)', async (locale) => {
    await chooseLocale(locale);
    const sent: unknown[] = [];
    render(
      <I18nProvider>
        <MantineProvider env="test">
          <Minutes onSend={(values) => sent.push(values)} />
        </MantineProvider>
      </I18nProvider>,
    );
    const user = userEvent.setup();
    const field = screen.getByLabelText<HTMLInputElement>('Minutes');
    for (const text of ['15x', '1.5', '600', '', '1e1', '-9', '1,000']) {
      await user.clear(field);
      if (text) await user.type(field, text);
      await user.click(screen.getByText('Send'));
      await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
      expect(field.value).toBe(text);
      expect(sent).toEqual([]);
    }
    await user.clear(field);
    await user.type(field, '２5 min');
    await user.click(screen.getByText('Send'));
    await waitFor(() => expect(sent).toEqual([{ settings: { minutes: 25 } }]));
  });
});

describe('an error', () => {
  const show = async () => {
    await chooseLocale('en');
    render(
      <I18nProvider>
        <MantineProvider env="test">
          <Stay />
        </MantineProvider>
      </I18nProvider>,
    );
    return userEvent.setup();
  };

  it('goes when it is mended in another field', async () => {
    const user = await show();
    await user.click(screen.getByRole('button', { name: 'Send' }));
    expect(screen.getByText('This date does not exist.')).toBeTruthy();
    await user.clear(screen.getByLabelText('From'));
    await user.type(screen.getByLabelText('From'), '7');
    expect(screen.queryByText('This date does not exist.')).toBeNull();
  });

  it('is said of a date that was begun and not finished, also where none is needed', async () => {
    const user = await show();
    const day = screen.getByLabelText('Day');
    Object.defineProperty(day, 'validity', { value: { badInput: true } });
    await user.clear(screen.getByLabelText('From'));
    await user.type(screen.getByLabelText('From'), '7');
    await user.click(screen.getByRole('button', { name: 'Send' }));
    expect(screen.getByText('This could not be read. Please check it.')).toBeTruthy();
    expect(document.activeElement).toBe(day);
  });
});
