import { IconDeviceMobile, IconMail } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { components } from '@/lib/api/schema';
import { RelativeTime } from '@/ui/marks/RelativeTime';
import { Copyable } from './Copyable';
import classes from './OutboxPage.module.css';
import { codeIn, parts } from './parts';

type Notice = components['schemas']['OutboxItem'];

/** One notice as the person who gets it sees it. */
export function NoticeCard({ notice }: { notice: Notice }) {
  const t = useTranslations('demo');
  const code = codeIn(notice.text);
  const Icon = notice.channel === 'sms' ? IconDeviceMobile : IconMail;
  return (
    <li className={classes.notice} data-channel={notice.channel}>
      <header className={classes.head}>
        <Icon size={20} stroke={1.75} aria-hidden />
        <span className={classes.to}>{t('to', { to: notice.to })}</span>
        <span className={classes.when}>
          <RelativeTime at={notice.at} />
        </span>
      </header>
      {notice.channel === 'email' && <p className={classes.subject}>{notice.subject}</p>}
      <p className={classes.text}>
        {parts(notice.text).map((part) =>
          part.kind === 'link' ? (
            <a key={part.at} href={part.href}>
              {part.text}
            </a>
          ) : (
            <span key={part.at}>{part.text}</span>
          ),
        )}
      </p>
      {code && <Copyable value={code} code />}
    </li>
  );
}
