import {
  Button,
  Checkbox,
  Modal,
  MultiSelect,
  NativeSelect,
  Stack,
  TextInput,
} from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { OFFERED_TYPES } from '@/lib/visitTypes';
import { NumberField } from '@/ui/fields/NumberField';
import { showToast } from '@/ui/toasts/toast';
import classes from './AdminPage.module.css';
import {
  titleOf,
  VISIT_TYPES,
  type VisitType,
  type VisitTypeForm,
  type VisitTypes,
} from './visitTypes';

/** What may be typed after the number. */
const MINUTES = ['minutes', 'minutos'];
const YEARS = ['years', 'años'];

const EMPTY: Required<VisitTypeForm> = {
  title_en: '',
  title_es: '',
  hint_en: '',
  hint_es: '',
  minutes: null,
  buffer_before: 0,
  buffer_after: 0,
  min_years: null,
  max_years: null,
  offered_by: [],
  questionnaire: 'other',
  retired: false,
};

interface VisitTypeDialogProps {
  list: VisitTypes;
  /** Null to add a new one. */
  type: VisitType | null;
  onClose: () => void;
}

/** One visit type. What is booked already keeps its time. */
export function VisitTypeDialog({ list, type, onClose }: VisitTypeDialogProps) {
  const t = useTranslations('admin.visitTypes');
  const locale = useCurrentLocale();
  const save = useAction({
    run: (body: VisitTypeForm, init) =>
      type
        ? take(
            api.PUT('/api/admin/visit-types/{type_id}', {
              params: { path: { type_id: type.id } },
              body: { ...body, version: type.version },
              ...init,
            }),
          )
        : take(api.POST('/api/admin/visit-types', { body, ...init })),
    invalidates: [VISIT_TYPES, OFFERED_TYPES],
  });
  const form = useKeptForm(`admin.visitType.${type?.id ?? 'new'}`, {
    initialValues: type ? typedOf(type) : EMPTY,
    checks: ({ title_en, title_es }) => ({
      title_en: !title_en.trim() && 'required',
      title_es: !title_es.trim() && 'required',
    }),
    submit: async (typed) => {
      await save.mutateAsync(typed);
      showToast({ text: t('saved') });
      onClose();
    },
  });
  const minutes = { unit: 'min', units: MINUTES };
  const years = { low: 0, high: 150, unit: t('years'), units: YEARS };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={type ? titleOf(type, locale) : t('add')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form {...form.props}>
        <Stack>
          <div className={classes.pair}>
            <TextInput label={t('titleEn')} maxLength={80} {...form.field('title_en')} />
            <TextInput label={t('titleEs')} maxLength={80} {...form.field('title_es')} />
            <TextInput label={t('hintEn')} maxLength={120} {...form.field('hint_en')} />
            <TextInput label={t('hintEs')} maxLength={120} {...form.field('hint_es')} />
          </div>
          <NumberField
            label={t('length')}
            description={t('lengthHint')}
            low={5}
            high={240}
            {...minutes}
            {...form.field('minutes')}
          />
          <div className={classes.pair}>
            <NumberField
              label={t('before')}
              low={0}
              high={120}
              required
              {...minutes}
              {...form.field('buffer_before')}
            />
            <NumberField
              label={t('after')}
              low={0}
              high={120}
              required
              {...minutes}
              {...form.field('buffer_after')}
            />
            <NumberField label={t('minYears')} {...years} {...form.field('min_years')} />
            <NumberField label={t('maxYears')} {...years} {...form.field('max_years')} />
          </div>
          <MultiSelect
            label={t('offeredBy')}
            description={t('offeredByHint')}
            data={list.clinicians.map(({ id, name }) => ({ value: id, label: name }))}
            searchable
            {...form.field('offered_by')}
          />
          <NativeSelect
            label={t('questionnaire')}
            data={list.questionnaires.map(({ code, title }) => ({
              value: code,
              label: title[locale],
            }))}
            {...form.field('questionnaire')}
          />
          {type && (
            <Checkbox
              label={t('retire')}
              description={t('retireHint')}
              checked={form.values.retired}
              onChange={(event) => form.set('retired', event.currentTarget.checked)}
            />
          )}
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending}>
            {t('save')}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

function typedOf({ id: _, code: __, version: ___, ...typed }: VisitType): Required<VisitTypeForm> {
  return typed;
}
