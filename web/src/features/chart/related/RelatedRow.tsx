import { Button, Group } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { readablePhone } from '@/lib/phone';
import { plainDate, useTimes } from '@/lib/time/useTimes';
import { Row } from '@/ui/links/Row';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import classes from './RelatedRow.module.css';
import type { Related } from './related';

interface RelatedRowProps {
  relation: Related;
  onVerify?: ((relation: Related) => void) | undefined;
  onEnd?: ((relation: Related) => void) | undefined;
}

/** Somebody beside the patient: who, what they may do and until when, who made sure and how. */
export function RelatedRow({ relation, onVerify, onEnd }: RelatedRowProps) {
  const t = useTranslations('chart/related');
  const relationship = useTranslations('profile/relations.relationship');
  const lines = useLines(relation);
  const waits = !relation.verified_at && !relation.ended_at;
  return (
    <Row
      title={
        <span className={classes.title}>
          <span>{t('who', { name: relation.name, as: relationship(relation.relationship) })}</span>
          <Standing relation={relation} />
        </span>
      }
      detail={lines.map((line) => (
        <span key={line} className={classes.line}>
          {line}
        </span>
      ))}
      aside={
        (onVerify || onEnd) && (
          <Group gap="xs">
            {onVerify && waits && (
              <Button
                size="sm"
                aria-label={t('verifyWhom', { name: relation.name })}
                onClick={() => onVerify(relation)}
              >
                {t('verify')}
              </Button>
            )}
            {onEnd && (
              <Button
                size="sm"
                variant="default"
                aria-label={t('endWhom', { name: relation.name })}
                onClick={() => onEnd(relation)}
              >
                {t('end')}
              </Button>
            )}
          </Group>
        )
      }
    />
  );
}

function Standing({ relation }: { relation: Related }) {
  const t = useTranslations('chart/related');
  if (relation.ended_at) return null;
  if (!relation.verified_at) return <StatusBadge tone="attention">{t('unverified')}</StatusBadge>;
  if (relation.acts) return <StatusBadge tone="active">{t('acts')}</StatusBadge>;
  return <StatusBadge tone="done">{t(relation.signs_in ? 'over' : 'noSignIn')}</StatusBadge>;
}

/** What is known of the relation, a sentence a line. */
function useLines(relation: Related): string[] {
  const t = useTranslations('chart/related');
  const times = useTimes();
  const locale = useCurrentLocale();
  const day = (at: string) => times.date(at);
  const born = relation.birth_date && t('born', { date: plainDate(relation.birth_date, locale) });
  const reach = [relation.phone && readablePhone(relation.phone), relation.email, born];
  const lines = [
    [t(`scope.${relation.scope}`), relation.sees_restricted && t('seesRestricted')],
    reach,
    [relation.until && t('until', { date: day(relation.until) })],
    [
      relation.of_age &&
        !relation.ended_at &&
        t('ofAge', { date: plainDate(relation.of_age, locale) }),
    ],
    [
      relation.verified_at &&
        relation.proof &&
        t('verified', {
          by: relation.verified_by,
          date: day(relation.verified_at),
          proof: t(`proof.${relation.proof}`),
          note: relation.proof_note,
        }),
    ],
    [t('added', { by: relation.added_by, date: day(relation.since), reason: relation.add_reason })],
    [
      relation.ended_at &&
        relation.ended_because &&
        t(`ended.${relation.ended_because}`, {
          by: relation.ended_by,
          date: day(relation.ended_at),
          reason: relation.end_reason,
        }),
    ],
  ];
  return lines.map((parts) => parts.filter(Boolean).join(' · ')).filter(Boolean);
}
