import { Loader } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import classes from '../Check.module.css';

/** `wait`: under way. `ask`: waits for the person. `warn`: works, but not well. */
export type How = 'wait' | 'ask' | 'ok' | 'warn' | 'bad';

interface PartProps {
  icon: ReactNode;
  name: string;
  how: How;
  /** How it is, in a few words. */
  says: string;
  children?: ReactNode;
}

/** One thing that is tried: its name, how it is, and what to do about it. */
export function Part({ icon, name, how, says, children }: PartProps) {
  const t = useTranslations('visits/check');
  return (
    <section className={classes.part} aria-label={name} data-how={how}>
      <header className={classes.head}>
        <span className={classes.icon}>{icon}</span>
        <h2 className={classes.name}>{name}</h2>
        <span className={classes.how} role="status">
          <HowIcon how={how} />
          <span className="visually-hidden">{t(`how.${how}`)}</span>
          {says}
        </span>
      </header>
      {children}
    </section>
  );
}

function HowIcon({ how }: { how: How }) {
  if (how === 'wait') return <Loader size={18} aria-hidden />;
  if (how === 'ask') return null;
  const Icon = { ok: IconCircleCheck, warn: IconAlertTriangle, bad: IconCircleX }[how];
  return <Icon size={20} aria-hidden />;
}
