import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { chime } from '@/lib/attention/chime';
import { flashTitle } from '@/lib/attention/titleFlash';
import type { LiveHandler } from '@/lib/live/stream';
import { useLive, useLiveQueries } from '@/lib/live/useLive';
import { useReasonName } from '@/lib/visitTypes';
import { showToast } from '@/ui/toasts/toast';
import { type Queue, queueQuery } from '../model';
import { type News, news, raisedNow, shortName } from './news';
import { useDesktopSetting, useSoundSetting } from './settings';

const RED_FLAG = 'message.red_flag';

/**
 * Tells the care team, on whatever page they are, that somebody new waits or is in danger: a sound, the
 * tab's title, a notification of the desktop, and a word on the page where the queue is not in sight.
 */
export function QueueAlerts() {
  const { data: queue } = useQuery(queueQuery);
  useLiveQueries({ 'queue.changed': queueQuery.queryKey });
  useLive(RED_FLAG, useAnnounceMessage());
  const last = useRef<Queue>(undefined);
  const announce = useEffectEvent(useAnnounce());
  useEffect(() => {
    const before = last.current;
    last.current = queue;
    if (before && queue) announce(news(before, queue));
  }, [queue]);
  return null;
}

/** A patient who writes said yes to a danger: the call stands in the follow-up. Who it is stands there, too. */
function useAnnounceMessage(): LiveHandler {
  const t = useTranslations('visits/queue.alerts.message');
  const [sound] = useSoundSetting();
  const desktop = useDesktopSetting();
  const navigate = useNavigate();
  const open = () => void navigate({ to: '/followup' });
  return ({ topic }) => {
    // A stream that starts over calls every handler; what was missed then stands in the follow-up.
    if (topic !== RED_FLAG) return;
    if (sound) void chime('alarm');
    flashTitle(t('title'));
    if (desktop.state === 'on') notify(RED_FLAG, t('title'), t('body'), true, open);
    showToast({ text: t('body'), tone: 'danger', action: { label: t('open'), run: open } });
  };
}

function useAnnounce(): (all: News[]) => void {
  const t = useTranslations('visits/queue.alerts');
  const reason = useReasonName();
  const flag = useTranslations('visits/queue.flags');
  const [sound] = useSoundSetting();
  const desktop = useDesktopSetting();
  const atQueue = useLocation({ select: ({ pathname }) => pathname === '/queue' });
  const navigate = useNavigate();
  const openQueue = () => void navigate({ to: '/queue' });

  return (all) => {
    const first = all.find(({ kind }) => kind === 'flag') ?? all[0];
    if (!first) return;
    if (sound) void chime(first.kind === 'flag' ? 'alarm' : 'arrival');
    const { name } = first.entry.patient;
    flashTitle(t(`title.${first.kind}`, { name: shortName(name) }));
    for (const { kind, entry } of all) {
      const why = reason(entry.reason_code);
      const flags = raisedNow(entry).map((code) => (flag.has(code) ? flag(code) : code));
      const since = Date.parse(entry.ready_at ?? entry.requested_at);
      const minutes = Math.max(0, Math.floor((Date.now() - since) / 60_000));
      const title = t(`notice.${kind}`, { name: entry.patient.name });
      const body = [why, t('waiting', { minutes }), ...flags].join(' · ');
      if (desktop.state === 'on') notify(entry.visit_id, title, body, kind === 'flag', openQueue);
      if (!atQueue) {
        showToast({
          text: `${title}: ${body}`,
          tone: kind === 'flag' ? 'danger' : 'plain',
          action: { label: t('open'), run: openQueue },
        });
      }
    }
  };
}

function notify(tag: string, title: string, body: string, stays: boolean, open: () => void): void {
  let notice: Notification;
  try {
    notice = new Notification(title, { body, tag, requireInteraction: stays, silent: true });
  } catch {
    // Phones have the permission but let no page show one by itself. Sound, title and toast have told it.
    return;
  }
  notice.onclick = () => {
    window.focus();
    open();
    notice.close();
  };
}
