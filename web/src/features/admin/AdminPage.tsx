import { VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { Page } from '@/ui/page/Page';
import classes from './AdminPage.module.css';
import { recent, useAlerts } from './audit/alerts';

const PLACES = [
  { to: '/admin/people', key: 'people' },
  { to: '/admin/clinic', key: 'clinic' },
  { to: '/admin/locations', key: 'locations' },
  { to: '/admin/visit-types', key: 'visitTypes' },
  { to: '/admin/audit', key: 'audit' },
  { to: '/admin/stuck-work', key: 'stuckWork' },
  { to: '/calls', key: 'calls' },
] as const;

interface AdminPageProps {
  title: string;
  lead?: string;
  actions?: ReactNode;
  width?: 'column' | 'wide';
  children: ReactNode;
}

/** A page of the administrator's home, with the way to the others. */
export function AdminPage({ children, ...page }: AdminPageProps) {
  const t = useTranslations('admin.places');
  return (
    <Page width="wide" {...page}>
      <nav aria-label={t('label')} className={classes.places}>
        {PLACES.map(({ to, key }) => (
          <Link key={key} to={to} className={classes.place}>
            {t(key)}
            {key === 'audit' && <NewAlerts />}
          </Link>
        ))}
      </nav>
      {children}
    </Page>
  );
}

/** How many alerts of the last day wait on the audit's page. */
function NewAlerts() {
  const t = useTranslations('admin.places');
  const count = recent(useAlerts().data ?? []).length;
  return count > 0 ? (
    <>
      {' '}
      <StatusBadge tone="danger">
        <span aria-hidden>{count}</span>
        <VisuallyHidden>{t('alerts', { count })}</VisuallyHidden>
      </StatusBadge>
    </>
  ) : null;
}
