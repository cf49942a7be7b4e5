import { IconVideo } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { savesPower } from '@/lib/check/power';
import { DeviceProblems } from '../../call/devices/DeviceProblems';
import { OwnPicture } from '../../call/stage/OwnPicture';
import { useStore } from '../../call/useStore';
import classes from '../Check.module.css';
import type { Check } from '../useCheck';
import { Part } from './Part';

/** One's own picture, or what to do in this browser where there is none. Of the microphone too: one question asks both. */
export function CameraPart({ check: { local, asking } }: { check: Check }) {
  const t = useTranslations('visits/check.camera');
  const { tracks, video } = useStore(local);
  const saving = useSavesPower(tracks.video !== null);
  const works = tracks.video && !video.problem;
  const how = asking ? 'wait' : works ? (saving ? 'warn' : 'ok') : 'bad';
  const says = { wait: t('asking'), ok: t('works'), warn: t('saves'), bad: t('fails') }[how];
  return (
    <Part icon={<IconVideo aria-hidden />} name={t('name')} how={how} says={says}>
      {tracks.video && (
        <div className={classes.mirror}>
          <OwnPicture local={local} label={t('mirror')} />
        </div>
      )}
      {saving && <p className={classes.help}>{t('savesHelp')}</p>}
      <DeviceProblems local={local} />
    </Part>
  );
}

function useSavesPower(seen: boolean): boolean {
  const [saving, setSaving] = useState(false);
  useEffect(() => {
    if (!seen) return;
    let over = false;
    void savesPower().then((found) => over || setSaving(found));
    return () => {
      over = true;
    };
  }, [seen]);
  return saving;
}
