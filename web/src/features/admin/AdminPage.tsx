import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Page } from '@/ui/Page';
import classes from './AdminPage.module.css';

const PLACES = [
  { to: '/admin/people', key: 'people' },
  { to: '/admin/clinic', key: 'clinic' },
  { to: '/admin/audit', key: 'audit' },
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
          </Link>
        ))}
      </nav>
      {children}
    </Page>
  );
}
