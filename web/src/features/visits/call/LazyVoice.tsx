import { type ComponentType, lazy, Suspense } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';
import type { VoiceBarProps } from '../voice/VoiceBar';

/** It comes when it is shown. Where it cannot be loaded, the call goes on without it. */
const VoiceBar = lazy<ComponentType<VoiceBarProps>>(() =>
  Promise.all([import('../voice/VoiceBar'), catalogues.load('visits/voice')])
    .then(([bar]) => bar)
    .catch(() => ({ default: () => null })),
);

/** Why there is no picture, and 'Voice only'. */
export function LazyVoice(props: VoiceBarProps) {
  return (
    <Suspense>
      <VoiceBar {...props} />
    </Suspense>
  );
}
