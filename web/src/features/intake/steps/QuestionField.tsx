import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { isUnread, readNumber, written } from '@/lib/number/read';
import { ReadField } from '@/ui/fields/NumberField';
import { ChoiceCards } from '../fields/ChoiceCards';
import { TextArea } from '../fields/fields';
import { useIntakeForm } from '../form';
import type { Answer, Item } from '../rules/questionnaire';

const MAX_NUMBER = 1_000_000;
const DECIMALS = 2;

/** One question of the questionnaire, drawn by its type. */
export function QuestionField({ item, labelHidden }: { item: Item; labelHidden?: boolean }) {
  const t = useTranslations('intake.answer');
  const { draft, change, error, language } = useIntakeForm();
  const { linkId } = item;
  const path = `answers.${linkId}`;
  const answer = draft.answers[linkId];
  const label = item.text[language];

  const set = (value: Answer | undefined) =>
    change(({ answers, ...rest }) => {
      const { [linkId]: _before, ...others } = answers;
      return { ...rest, answers: value === undefined ? others : { ...others, [linkId]: value } };
    }, path);

  const typed = {
    label,
    error: error(path),
    value: typeof answer === 'string' ? answer : '',
    onChange: (event: { currentTarget: { value: string } }) =>
      set(event.currentTarget.value || undefined),
  };
  const cards = { label, error: error(path, 'choose'), labelHidden: labelHidden ?? false };

  switch (item.type) {
    case 'boolean':
      return (
        <ChoiceCards
          {...cards}
          kind="radio"
          layout="row"
          choices={[
            { value: 'yes', label: t('yes') },
            { value: 'no', label: t('no') },
          ]}
          chosen={answer === undefined ? [] : [answer === true ? 'yes' : 'no']}
          onChoose={(value) => set(value === 'yes')}
        />
      );
    case 'choice': {
      const choices = item.options.map(({ code, text }) => ({
        value: code,
        label: text[language],
      }));
      const chosen = Array.isArray(answer) ? answer : [String(answer ?? '')];
      return item.repeats ? (
        <ChoiceCards
          {...cards}
          kind="checkbox"
          description={t('several')}
          choices={choices}
          chosen={chosen}
          onChoose={(code, on) => set(chosenAfter(item, chosen, code, on))}
        />
      ) : (
        <ChoiceCards {...cards} kind="radio" choices={choices} chosen={chosen} onChoose={set} />
      );
    }
    case 'decimal':
    case 'integer':
      return item.control === 'slider' ? (
        <ChoiceCards
          {...cards}
          kind="radio"
          layout="scale"
          choices={scale(item).map((value) => ({ value, label: value }))}
          chosen={[String(answer ?? '')]}
          onChoose={(value) => set(Number(value))}
        />
      ) : (
        <NumberAnswer
          item={item}
          label={label}
          error={error(path)}
          answer={answer}
          onAnswer={set}
        />
      );
    case 'text':
      return <TextArea {...typed} rows={4} maxLength={item.maxLength ?? undefined} />;
    case 'date':
      return <TextInput {...typed} type="date" />;
    default:
      return <TextInput {...typed} maxLength={item.maxLength ?? undefined} />;
  }
}

/** The choices after one was ticked or unticked: 'none of these' and the others exclude each other. */
function chosenAfter(
  item: Item,
  chosen: readonly string[],
  code: string,
  on: boolean,
): string[] | undefined {
  const exclusive = (each: string) => item.options.find((o) => o.code === each)?.exclusive ?? false;
  const others = chosen.filter((each) => each !== '' && each !== code);
  const kept = on ? others.filter((each) => !exclusive(code) && !exclusive(each)) : others;
  const next = on ? [...kept, code] : kept;
  return next.length > 0 ? next : undefined;
}

function scale({ minimum, maximum }: Item): string[] {
  const from = minimum ?? 0;
  return Array.from({ length: (maximum ?? 10) - from + 1 }, (_, at) => String(from + at));
}

interface NumberAnswerProps {
  item: Item;
  label: string;
  error: ReactNode;
  answer: Answer | undefined;
  onAnswer: (value: Answer | undefined) => void;
}

/** A number once it is one; until then the answer is what was typed, which the check then refuses. */
function NumberAnswer({ item, label, error, answer, onAnswer }: NumberAnswerProps) {
  const locale = useCurrentLocale();
  const [min, max] = [item.minimum ?? 0, item.maximum ?? MAX_NUMBER];
  const read = (text: string) => {
    const decimals = item.type === 'decimal' ? DECIMALS : 0;
    const value = readNumber(text, { locale, low: min, high: max, decimals });
    // The check's own words, when the patient goes on and before.
    const outside = isUnread(value) && value.code === 'number_outside';
    return outside ? { unread: text, code: 'out_of_range', params: { min, max } } : value;
  };
  return (
    <ReadField
      label={label}
      error={error}
      inputMode={item.type === 'decimal' ? 'decimal' : 'numeric'}
      maxLength={20}
      maw="14rem"
      value={typeof answer === 'number' ? answer : read(String(answer ?? ''))}
      onChange={(value, text) => onAnswer(isUnread(value) ? text : (value ?? undefined))}
      read={read}
      write={written}
    />
  );
}
