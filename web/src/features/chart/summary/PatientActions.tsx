import { Button } from '@mantine/core';
import { IconCalendarPlus, IconListCheck, IconMail, IconPhone } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { NoMessageMark } from '@/lib/directory/panels';
import { dialLink, readablePhone } from '@/lib/phone';
import { useMay } from '@/lib/session/session';
import { LinkButton } from '@/ui/links/LinkButton';
import type { ChartSummary } from '../queries';
import classes from './Summary.module.css';

/** What one can do for this patient from their chart: only what one's roles allow. */
export function PatientActions({ patient }: { patient: ChartSummary['patient'] }) {
  const t = useTranslations('chart.patients.do');
  const may = useMay();
  const params = { patientId: patient.id };
  return (
    <div className={classes.actions}>
      {patient.phone && (
        <Button
          component="a"
          href={dialLink(patient.phone)}
          variant="default"
          leftSection={<IconPhone size={18} aria-hidden />}
        >
          {t('call', { phone: readablePhone(patient.phone) })}
        </Button>
      )}
      {patient.phone && <NoMessageMark patientId={patient.id} phone={patient.phone} />}
      {may('message.write') && (
        <LinkButton
          to="/patients/$patientId/message"
          params={params}
          variant="default"
          leftSection={<IconMail size={18} aria-hidden />}
        >
          {t('message')}
        </LinkButton>
      )}
      {may('task.write') && (
        <LinkButton
          to="/patients/$patientId/task"
          params={params}
          variant="default"
          leftSection={<IconListCheck size={18} aria-hidden />}
        >
          {t('task')}
        </LinkButton>
      )}
      {may('visit.book') && (
        <LinkButton
          to="/patients/$patientId/book"
          params={params}
          variant="default"
          leftSection={<IconCalendarPlus size={18} aria-hidden />}
        >
          {t('book')}
        </LinkButton>
      )}
      {patient.email && <span className={classes.email}>{patient.email}</span>}
    </div>
  );
}
