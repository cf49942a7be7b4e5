import { useTranslations } from 'use-intl';
import { StatusBadge } from '../marks/StatusBadge';

/** Beside a patient whose name another patient has: in this list, or (with a number) in the clinic. */
export function SameName({ others }: { others?: number }) {
  const t = useTranslations('chart/strip');
  return (
    <StatusBadge tone="attention">
      {others === undefined ? t('sameName') : t('namesakes', { others })}
    </StatusBadge>
  );
}
