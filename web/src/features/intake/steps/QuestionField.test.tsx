import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import { type Form, FormContext } from '../form';
import type { Answers, Item } from '../rules/questionnaire';
import { QuestionField } from './QuestionField';

const ITEM: Item = {
  linkId: 'refill.days',
  type: 'integer',
  text: { en: 'Days left', es: 'Días que quedan' },
  required: true,
  repeats: false,
  hidden: false,
  maxLength: null,
  minimum: 0,
  maximum: 365,
  control: null,
  options: [],
  conditions: [],
  allConditions: true,
  sumOf: [],
  appliesTo: null,
  children: [],
};

/** What the intake holds after the last key. */
let answers: Answers;

function Intake({ item, language }: { item: Item; language: 'en' | 'es' }) {
  const [now, setNow] = useState<Answers>({});
  answers = now;
  const form = {
    draft: { answers: now },
    change: (change: (draft: { answers: Answers }) => { answers: Answers }) =>
      setNow((before) => change({ answers: before }).answers),
    error: () => null,
    language,
  } as unknown as Form;
  return (
    <FormContext value={form}>
      <QuestionField item={item} />
    </FormContext>
  );
}

async function open(language: 'en' | 'es', part: Partial<Item> = {}) {
  await catalogues.load('intake');
  await chooseLocale(language);
  render(
    <I18nProvider timeZone="America/New_York">
      <MantineProvider env="test">
        <Intake item={{ ...ITEM, ...part }} language={language} />
      </MantineProvider>
    </I18nProvider>,
  );
  const field = screen.getByLabelText<HTMLInputElement>(ITEM.text[language]);
  return { field, user: userEvent.setup() };
}
afterEach(cleanup);

describe.each(['en', 'es'] as const)(
  'an answer that is a number, typed key by key in %s',
  (language) => {
    it.each([
      ['9', 9],
      ['0', 0],
      [' 365 ', 365],
      ['１２', 12],
    ])('%j is %d', async (text, value) => {
      const { field, user } = await open(language);
      await user.type(field, text);
      expect(answers).toEqual({ 'refill.days': value });
      expect(field.value).toBe(text);
    });

    it.each(['1.5', '1,5', '366', '-1', '1e2', '2-3', 'two'])(
      '%j is an answer for no question',
      async (text) => {
        const { field, user } = await open(language);
        await user.type(field, text);
        await user.tab();
        // The text is kept, and refused by the questionnaire's own check, here and on the server.
        expect(answers).toEqual({ 'refill.days': text });
        expect(field.value).toBe(text);
        await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
      },
    );

    it.each([
      ['38.5', 38.5],
      ['38,5', 38.5],
      ['98.6', 98.6],
    ])('a decimal %j is %d', async (text, value) => {
      const { field, user } = await open(language, { type: 'decimal', maximum: 200 });
      await user.type(field, text);
      expect(answers).toEqual({ 'refill.days': value });
      expect(field.value).toBe(text);
    });

    it('an emptied field is no answer', async () => {
      const { field, user } = await open(language);
      await user.type(field, '12');
      await user.clear(field);
      expect(answers).toEqual({});
    });
  },
);
