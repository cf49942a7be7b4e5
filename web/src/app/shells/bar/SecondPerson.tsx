import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import { sessionQuery, useMay } from '@/lib/session/session';
import { confirmationsQuery } from '@/lib/session/stepUp/confirmations';
import { SigningOff } from '@/lib/session/stepUp/SigningOff';
import classes from './SecondPerson.module.css';

const CHANGES = { 'confirmations.changed': confirmationsQuery.queryKey };
const OWN_CHANGES = { 'confirmations.changed': sessionQuery.queryKey };

/** Above every staff page: that one's own signing is off, and that colleagues wait for one's word. */
export function SecondPerson() {
  useLiveQueries(OWN_CHANGES);
  // The encounter says it beside its own buttons, and needs the height.
  const elsewhere = useLocation({
    select: ({ pathname }) => !/^\/(encounter|confirmations)\//.test(`${pathname}/`),
  });
  const may = useMay();
  if (!elsewhere) return null;
  return (
    <div className={classes.banners}>
      <SigningOff />
      {may('staff.confirm') && <Colleagues />}
    </div>
  );
}

function Colleagues() {
  const t = useTranslations('admin/signing');
  useLiveQueries(CHANGES);
  const { data } = useQuery(confirmationsQuery);
  const mine = data?.filter(({ refusal, set_up }) => refusal === null && set_up) ?? [];
  return (
    <div role="status">
      {mine.length > 0 && (
        <p className={classes.colleagues}>
          {t('colleagues', { count: mine.length, name: mine[0]?.name ?? '' })}{' '}
          <Link to="/confirmations">{t('look')}</Link>
        </p>
      )}
    </div>
  );
}
