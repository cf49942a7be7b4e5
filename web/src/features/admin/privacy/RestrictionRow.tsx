import { Button, TextInput } from '@mantine/core';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { onEscape, useOpened } from '@/lib/focus/useOpened';
import { useTimes } from '@/lib/time/useTimes';
import { Row } from '@/ui/links/Row';
import classes from './PrivacyPage.module.css';
import { PRIVACY, type Restriction } from './queries';

/** One restricted chart: why, until when, to whom it stays open; and lifting that. */
export function RestrictionRow({ mark }: { mark: Restriction }) {
  const t = useTranslations('admin.privacy');
  const times = useTimes();
  const button = useRef<HTMLButtonElement>(null);
  const lifting = useOpened<true>(button);
  const names = mark.named.map(({ name }) => name).join(', ');
  return (
    <Row
      title={mark.patient_name}
      detail={
        <span className={classes.lines}>
          <span>{t(`why.${mark.why}`)}</span>
          <span className={classes.reason}>{mark.reason}</span>
          <span>{t('made', { by: mark.made_by, date: times.date(mark.made_at) })}</span>
          <span>{t('ends', { date: times.date(mark.ends_at) })}</span>
          {names && <span>{t('named', { names })}</span>}
          {lifting.opened && <Lift mark={mark} onCancel={lifting.close} />}
        </span>
      }
      aside={
        !lifting.opened && (
          <Button
            ref={button}
            variant="default"
            size="sm"
            aria-label={t('liftOf', { name: mark.patient_name })}
            onClick={() => lifting.open(true)}
          >
            {t('lift')}
          </Button>
        )
      }
    />
  );
}

function Lift({ mark, onCancel }: { mark: Restriction; onCancel: () => void }) {
  const t = useTranslations('admin.privacy');
  const lift = useAction({
    run: (reason: string, init) =>
      take(
        api.POST('/api/patients/{patient_id}/restriction/lift', {
          params: { path: { patient_id: mark.patient_id } },
          body: { reason },
          ...init,
        }),
      ),
    invalidates: [PRIVACY],
  });
  const form = useForm({
    initialValues: { reason: '' },
    checks: (typed) => ({ reason: !typed.reason.trim() && 'required' }),
    submit: (typed) => lift.mutateAsync(typed.reason),
  });
  return (
    <form {...form.props} className={classes.form} onKeyDown={onEscape(onCancel)}>
      <TextInput
        className={classes.words}
        size="sm"
        label={t('liftReason')}
        maxLength={500}
        autoFocus
        {...form.field('reason')}
      />
      <Button type="submit" size="sm" loading={form.sending}>
        {t('lift')}
      </Button>
      <Button variant="default" size="sm" onClick={onCancel}>
        {t('cancel')}
      </Button>
      <FormProblem of={form.problem} />
    </form>
  );
}
