import { useTranslations } from 'use-intl';
import type { Visit } from '@/features/chart/queries';
import { useProfile } from '@/features/profile/profile';
import { StatusBadge } from '@/ui/marks/StatusBadge';

/**
 * That the patient is where the clinician who sees them holds no licence. Admitting asked about it,
 * but the patient says at each join where they are, and may have gone on since.
 */
export function Unlicensed({ visit }: { visit: Visit }) {
  const t = useTranslations('chart.encounter');
  const staff = useProfile().data?.staff;
  const { state, country = 'US' } = visit.location ?? {};
  if (!staff || !state || visit.status !== 'admitted') return null;
  if (country === 'US' && staff.licences.includes(state)) return null;
  const place = country === 'US' ? state : `${state}, ${country}`;
  return <StatusBadge tone="attention">{t('unlicensed', { place })}</StatusBadge>;
}
