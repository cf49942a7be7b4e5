import { IconMail } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import classes from './DemoHint.module.css';

/** In the demo nothing is sent: messages are on a page, which opens beside this one. */
export function DemoHint() {
  const t = useTranslations('identity.signIn');
  return (
    <p className={classes.hint}>
      <IconMail size={20} aria-hidden />
      <span>
        {t.rich('demo', {
          link: (text) => (
            <a href="/demo/outbox" target="_blank" rel="noreferrer">
              {text}
            </a>
          ),
        })}
      </span>
    </p>
  );
}
