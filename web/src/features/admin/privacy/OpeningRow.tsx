import { Button, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { useTimes } from '@/lib/time/useTimes';
import { Row } from '@/ui/links/Row';
import { Marks } from '@/ui/person/Marks';
import classes from './PrivacyPage.module.css';
import { type Opening, PRIVACY } from './queries';

const ROLES = ['clinician', 'coordinator', 'admin', 'privacy'] as const;

/** One opening: whose chart, by whom, why; and that somebody has looked at it. */
export function OpeningRow({ opening }: { opening: Opening }) {
  const t = useTranslations('admin.privacy');
  const role = useTranslations('admin.people.roles');
  const times = useTimes();
  const roles = ROLES.filter((each) => opening.roles.includes(each)).map((each) => role(each));
  const marks = {
    birth_date: opening.patient_birth_date,
    mrn: opening.patient_mrn,
    phone: null,
  };
  const opened = [
    ...(opening.why ? [t(`why.${opening.why}`)] : []),
    ...opening.sensitive.map((each) => t(`sensitive.${each}`)),
  ];
  return (
    <Row
      title={opening.patient_name}
      detail={
        <span className={classes.lines}>
          <Marks of={marks} more={opened.join(' · ')} />
          <span className={classes.reason}>{opening.reason}</span>
          <span>
            {t('by', {
              name: opening.by,
              roles: roles.join(', '),
              time: times.dateTime(opening.at),
            })}
          </span>
          {opening.reviewed_at ? (
            <span>
              {t('reviewedBy', {
                name: opening.reviewed_by ?? '',
                time: times.dateTime(opening.reviewed_at),
              })}
              {opening.review && `: ${opening.review}`}
            </span>
          ) : (
            <Review opening={opening} />
          )}
        </span>
      }
    />
  );
}

function Review({ opening }: { opening: Opening }) {
  const t = useTranslations('admin.privacy');
  const review = useAction({
    run: (words: string, init) =>
      take(
        api.POST('/api/privacy/openings/{opening_id}/review', {
          params: { path: { opening_id: opening.id } },
          body: { review: words },
          ...init,
        }),
      ),
    invalidates: [PRIVACY],
  });
  const form = useForm({
    initialValues: { review: '' },
    submit: (typed) => review.mutateAsync(typed.review),
  });
  return (
    <form {...form.props} className={classes.form}>
      <TextInput
        className={classes.words}
        size="sm"
        label={t('note')}
        maxLength={500}
        {...form.field('review')}
      />
      <Button
        type="submit"
        size="sm"
        variant="default"
        loading={form.sending}
        aria-label={t('reviewOf', { name: opening.by })}
      >
        {t('review')}
      </Button>
      <FormProblem of={form.problem} />
    </form>
  );
}
