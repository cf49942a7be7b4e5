import { useTranslations } from 'use-intl';
import summary from '../summary/Summary.module.css';

/** Ends a list that holds the newest alone. */
export function Newest({ count }: { count: number }) {
  const t = useTranslations('chart.history');
  return <li className={summary.none}>{t('newest', { count })}</li>;
}
