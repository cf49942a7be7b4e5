import { IconEar } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Call } from '@/lib/call/engine';
import type { Peer } from '@/lib/call/protocol';
import { useStore } from '../call/useStore';
import classes from './VoiceBar.module.css';
import { type Word, wordsOf } from './words';

export interface VoiceBarProps {
  call: Call;
  visitId: string;
  name: (role: Peer['role'], id: string) => string;
}

/** Says why there is no picture, and lets one choose to talk without. The choice holds for this call, in this tab. */
export default function VoiceBar({ call, visitId, name }: VoiceBarProps) {
  const t = useTranslations('visits/voice');
  const state = useStore(call);
  const chosen = !!state.media.voice_only;
  useKept(`voice:${visitId}`, chosen, () => void call.voiceOnly(true));
  const said = ({ what, role, id }: Word) => t(what, { name: role ? name(role, id) : '' });
  return (
    <div className={classes.bar} data-voice>
      <ul className={classes.words} aria-live="polite">
        {wordsOf(state).map((word) => (
          <li key={`${word.what} ${word.id}`}>{said(word)}</li>
        ))}
      </ul>
      <button
        type="button"
        className={classes.choice}
        aria-pressed={chosen}
        title={t('voiceOnly')}
        onClick={() => void call.voiceOnly(!chosen)}
      >
        <IconEar size={20} aria-hidden /> <span>{t('voiceOnly')}</span>
      </button>
    </div>
  );
}

/** Chooses again what was chosen before the page was loaded anew. */
function useKept(key: string, chosen: boolean, choose: () => void): void {
  const [kept] = useState(() => sessionStorage.getItem(key) !== null);
  const again = useRef(kept ? choose : null);
  const was = useRef(chosen);
  useEffect(() => {
    if (chosen) sessionStorage.setItem(key, '1');
    else if (was.current) sessionStorage.removeItem(key);
    was.current = chosen;
  }, [key, chosen]);
  useEffect(() => {
    again.current?.();
    again.current = null;
  }, []);
}
