import { Stack } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { ChoiceCards } from '../fields/ChoiceCards';
import { useIntakeForm } from '../form';
import { askPath, type Rule } from '../rules/redFlags';

/** Questions that the patient's own words called for: words ask, they do not decide. */
export function AskStep({ asks }: { asks: readonly Rule[] }) {
  const t = useTranslations('intake.answer');
  const { draft, change, error, language } = useIntakeForm();
  return (
    <Stack gap="xl">
      {asks.map((rule) => {
        const linkId = askPath(rule);
        const answer = draft.answers[linkId];
        return (
          <ChoiceCards
            key={rule.id}
            label={rule.ask[language]}
            kind="radio"
            layout="row"
            choices={[
              { value: 'yes', label: t('yes') },
              { value: 'no', label: t('no') },
            ]}
            chosen={answer === undefined ? [] : [answer === true ? 'yes' : 'no']}
            onChoose={(value) =>
              change(
                (before) => ({
                  ...before,
                  answers: { ...before.answers, [linkId]: value === 'yes' },
                }),
                `answers.${linkId}`,
              )
            }
            error={error(`answers.${linkId}`, 'choose')}
          />
        );
      })}
    </Stack>
  );
}
