import type { ReactNode } from 'react';
import classes from './Page.module.css';
import { usePageTitle } from './usePageTitle';

interface PageProps {
  title: string;
  /** One quiet line under the title. */
  lead?: ReactNode;
  /** What one can do with the whole page, at the end of the title's line. */
  actions?: ReactNode;
  /** `column` for reading and forms, `wide` for tables and panels. */
  width?: 'column' | 'wide';
  /** The tab's title, where the heading would tell who the patient is. */
  tabTitle?: string;
  children: ReactNode;
}

/**
 * A page: its heading (which takes the focus when somebody navigates here), its actions, its body.
 */
export function Page({ title, lead, actions, width = 'column', tabTitle, children }: PageProps) {
  usePageTitle(tabTitle ?? title);
  return (
    <div className={classes.page} data-width={width}>
      <header className={classes.header}>
        <div className={classes.titles}>
          <h1 className={classes.title} tabIndex={-1} data-page-heading>
            {title}
          </h1>
          {lead && <p className={classes.lead}>{lead}</p>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
