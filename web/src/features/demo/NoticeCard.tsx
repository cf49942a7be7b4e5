import { CopyButton } from '@mantine/core';
import { IconCheck, IconCopy, IconDeviceMobile, IconMail } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { components } from '@/lib/api/schema';
import { RelativeTime } from '@/ui/RelativeTime';
import classes from './OutboxPage.module.css';
import { parts } from './parts';

type Notice = components['schemas']['OutboxItem'];

/** One notice as the person who gets it sees it. */
export function NoticeCard({ notice }: { notice: Notice }) {
  const t = useTranslations('demo');
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
      {notice.subject && <p className={classes.subject}>{notice.subject}</p>}
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
      <Code in={notice.text} />
    </li>
  );
}

/** The one-time code of a notice, to copy with one press. */
function Code({ in: text }: { in: string }) {
  const t = useTranslations('demo');
  const code = /(?<![\d/#-])\d{6}(?![\d/-])/.exec(text)?.[0];
  if (!code) return null;
  return (
    <CopyButton value={code}>
      {({ copied, copy }) => (
        <button type="button" className={classes.code} onClick={copy}>
          <span className={classes.digits}>{code}</span>
          {copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
          <span>{t(copied ? 'copied' : 'copy')}</span>
        </button>
      )}
    </CopyButton>
  );
}
