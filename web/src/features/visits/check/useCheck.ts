import { useCallback, useEffect, useRef, useState } from 'react';
import { api, take } from '@/lib/api/client';
import { LocalMedia } from '@/lib/call/devices';
import { playTestSound } from '@/lib/call/level';
import { measureNetwork, type NetworkFacts, type Step } from '@/lib/check/probe';
import type { Device, Facts } from '@/lib/check/verdict';
import { useStore } from '../call/useStore';
import { pathOf } from '../model';

export type Speaker = 'unplayed' | 'asked' | 'heard' | 'not_heard';

export interface Check {
  local: LocalMedia;
  /** Whether the browser still waits for the person's yes or no, or for the device. */
  asking: boolean;
  heard: boolean;
  onHeard: () => void;
  speaker: Speaker;
  play: () => void;
  hear: (heard: boolean) => void;
  step: Step;
  network: NetworkFacts | null;
  /** What is known so far; null while something is still under way. */
  facts: Facts | null;
  again: () => void;
}

/** Tries everything at once. It begins by itself, and anew with `again`. */
export function useCheck(visitId: string): Check {
  const [local] = useState(() => new LocalMedia());
  const [run, setRun] = useState(0);
  const [heard, setHeard] = useState(false);
  const [opened, setOpened] = useState(false);
  const [speaker, setSpeaker] = useState<Speaker>('unplayed');
  const [step, setStep] = useState<Step>('path');
  const [network, setNetwork] = useState<NetworkFacts | null>(null);
  const state = useStore(local);

  useEffect(() => () => local.release(), [local]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each run begins anew
  useEffect(() => {
    let over = false;
    setOpened(false);
    setHeard(false);
    void local.open().then(() => over || setOpened(true));
    return () => {
      over = true;
    };
  }, [local, run]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each run begins anew
  useEffect(() => {
    const calledOff = new AbortController();
    setNetwork(null);
    const begin = () => take(api.POST('/api/visits/{visit_id}/check/begin', pathOf(visitId)));
    measureNetwork(begin, { signal: calledOff.signal, tell: setStep })
      .catch((): NetworkFacts => ({ network: 'unmeasured' }))
      .then((found) => calledOff.signal.aborted || setNetwork(found));
    return () => calledOff.abort();
  }, [visitId, run]);

  const play = useCallback(() => {
    setSpeaker('asked');
    void playTestSound(local.snapshot().speakerId);
  }, [local]);

  // Browsers let a page make a sound once somebody has tapped on it, as on the way here from the waiting room.
  const played = useRef(false);
  useEffect(() => {
    if (!opened || played.current || !navigator.userActivation?.hasBeenActive) return;
    played.current = true;
    play();
  }, [opened, play]);

  const deviceOf = (kind: 'audio' | 'video'): Device => {
    const problem = state[kind].problem;
    if (!state.tracks[kind] || problem) return problem ?? 'unknown';
    return kind === 'audio' && !heard ? 'silent' : 'ok';
  };
  const settled = opened && !state.asking && network;
  return {
    local,
    asking: !opened || state.asking,
    heard,
    onHeard: useCallback(() => setHeard(true), []),
    speaker,
    play,
    hear: (heardIt) => setSpeaker(heardIt ? 'heard' : 'not_heard'),
    step,
    network,
    facts: settled
      ? {
          camera: deviceOf('video'),
          microphone: deviceOf('audio'),
          speaker: speaker === 'heard' || speaker === 'not_heard' ? speaker : 'unsaid',
          ...network,
        }
      : null,
    again: () => {
      setSpeaker('unplayed');
      played.current = false;
      setRun((before) => before + 1);
    },
  };
}
