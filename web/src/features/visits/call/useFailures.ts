import { useEffect, useEffectEvent, useRef } from 'react';
import type { LocalMedia } from '@/lib/call/devices';
import type { Reason } from '@/lib/call/history';
import { useStore } from './useStore';

/** Tells the clinic what keeps somebody from the call, each once: a device, or what the returned function is given. */
export function useFailures(visitId: string, local: LocalMedia): (reason: Reason) => void {
  const { audio, video } = useStore(local);
  const told = useRef(new Set<Reason>());
  const tell = (reason: Reason) => {
    if (told.current.has(reason)) return;
    told.current.add(reason);
    void import('./history/tell')
      .then(({ tellFailure }) => tellFailure(visitId, reason))
      .catch(() => undefined);
  };
  const problem = audio.problem ?? video.problem;
  const onProblem = useEffectEvent(tell);
  useEffect(() => {
    if (problem) onProblem(`device_${problem}`);
  }, [problem]);
  return tell;
}
