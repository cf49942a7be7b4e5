import { useEffect, useEffectEvent, useRef } from 'react';
import type { ApiProblem } from '@/lib/api/problem';
import type { LocalMedia } from '@/lib/call/devices';
import type { Reason } from '@/lib/call/history';
import { useStore } from '../useStore';
import { tellFailure } from './tell';

interface FailuresProps {
  visitId: string;
  local: LocalMedia;
  /** What joining met, if it failed. */
  problem: ApiProblem | null;
}

/** Tells the clinic what keeps somebody from the call, each once: a device, or that nobody answers. */
export default function Failures({ visitId, local, problem }: FailuresProps) {
  const { audio, video } = useStore(local);
  const told = useRef(new Set<Reason>());
  const tell = useEffectEvent((reason: Reason) => {
    if (told.current.has(reason)) return;
    told.current.add(reason);
    void tellFailure(visitId, reason).catch(() => undefined);
  });
  const device = audio.problem ?? video.problem;
  useEffect(() => {
    // A device that a telephone call has taken for a while comes back by itself.
    if (device && device !== 'paused') tell(`device_${device}`);
  }, [device]);
  const unreachable = problem?.code === 'unreachable';
  useEffect(() => {
    if (unreachable) tell('unreachable');
  }, [unreachable]);
  return null;
}
