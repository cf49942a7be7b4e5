import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { LocalMedia } from '@/lib/call/devices';
import { browserOf, type DeviceProblem } from '@/lib/call/problems';
import classes from './devices/DeviceCheck.module.css';

export type Shown = readonly [device: 'audio' | 'video' | 'both', problem: DeviceProblem];

/** What is wrong with camera and microphone, and what to do about it in this very browser. */
export default function DeviceHelp({ local, shown }: { local: LocalMedia; shown: Shown[] }) {
  const t = useTranslations('visits/call.problem');
  const check = useTranslations('visits.call.check');
  return (
    <div role="alert" className={classes.problems}>
      {shown.map(([device, problem]) => (
        <div key={device}>
          <strong>{t(problem, { device: t(`devices.${device}`) })}</strong>
          <p>
            <Help problem={problem} />
          </p>
        </div>
      ))}
      <Button variant="default" onClick={() => void local.open()}>
        {check('again')}
      </Button>
    </div>
  );
}

function Help({ problem }: { problem: DeviceProblem }) {
  const t = useTranslations('visits/call.problem');
  const browser = browserOf(navigator.userAgent);
  if (problem === 'denied') return t(`help.denied.${browser}`);
  if (problem === 'in_app') {
    return t('help.in_app', { browser: t(`realBrowser.${browser === 'ios' ? 'ios' : 'other'}`) });
  }
  return t(`help.${problem}`);
}
