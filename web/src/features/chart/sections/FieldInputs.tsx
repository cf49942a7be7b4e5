import { NativeSelect, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { FieldProps } from '@/lib/errors/useForm';
import { useCurrentLocale } from '@/lib/i18n/locale';
import type { SectionField } from './queries';
import classes from './Sections.module.css';

interface FieldInputsProps {
  fields: readonly SectionField[];
  field: (name: string) => FieldProps;
  /** What a field says by now, where somebody else changed it while it was written. */
  now?: Readonly<Record<string, string>>;
}

/** The inputs of a section's form, as its type describes them. */
export function FieldInputs({ fields, field, now = {} }: FieldInputsProps) {
  const t = useTranslations('chart/sections');
  const locale = useCurrentLocale();
  return (
    <div className={classes.fields}>
      {fields.map((each, at) => {
        const { name, kind, label } = each;
        const current = now[name];
        const changed =
          current !== undefined && t('now', { value: words(each, current, locale) || '–' });
        const shared = { autoFocus: at === 0, label: label[locale], ...field(name) };
        if (kind === 'choice') {
          return (
            <NativeSelect
              key={name}
              {...shared}
              {...(changed && { description: changed })}
              data={[
                { value: '', label: t('choose') },
                ...choicesOf(each, String(shared.value)).map((choice) => ({
                  value: choice.value,
                  label: choice.label[locale],
                })),
              ]}
            />
          );
        }
        const hint = kind === 'date' && t('dateHint');
        return (
          <TextInput
            key={name}
            {...shared}
            description={[changed, hint].filter(Boolean).join(' ')}
          />
        );
      })}
    </div>
  );
}

/** The choices, with the one that the record has where the form does not know it. */
function choicesOf({ choices }: SectionField, chosen: string) {
  if (chosen === '' || choices.some(({ value }) => value === chosen)) return choices;
  return [...choices, { value: chosen, label: { en: chosen, es: chosen } }];
}

const words = ({ choices }: SectionField, value: string, locale: 'en' | 'es') =>
  choices.find((each) => each.value === value)?.label[locale] ?? value;
