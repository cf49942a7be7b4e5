import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { LocalMedia } from '@/lib/call/devices';
import { browserOf, type DeviceProblem } from '@/lib/call/problems';
import classes from './DeviceCheck.module.css';
import { useStore } from './useCall';

/** What is wrong with camera and microphone, and what to do about it in this very browser. */
export function DeviceProblems({ local }: { local: LocalMedia }) {
  const t = useTranslations('visits.call');
  const { audio, video, asking } = useStore(local);
  const shown: [device: 'audio' | 'video' | 'both', problem: DeviceProblem][] = [];
  if (audio.problem && audio.problem === video.problem) shown.push(['both', audio.problem]);
  else {
    if (audio.problem) shown.push(['audio', audio.problem]);
    if (video.problem) shown.push(['video', video.problem]);
  }
  if (shown.length === 0 || asking) return null;
  return (
    <div role="alert" className={classes.problems}>
      {shown.map(([device, problem]) => (
        <div key={device}>
          <strong>{t(`problem.${problem}`, { device: t(`problem.devices.${device}`) })}</strong>
          <p>
            <Help problem={problem} />
          </p>
        </div>
      ))}
      <Button variant="default" onClick={() => void local.open()}>
        {t('check.again')}
      </Button>
    </div>
  );
}

function Help({ problem }: { problem: DeviceProblem }) {
  const t = useTranslations('visits.call.problem');
  const browser = browserOf(navigator.userAgent);
  if (problem === 'denied') return t(`help.denied.${browser}`);
  if (problem === 'in_app') {
    return t('help.in_app', { browser: t(`realBrowser.${browser === 'ios' ? 'ios' : 'other'}`) });
  }
  return t(`help.${problem}`);
}
