let context: AudioContext | null = null;

/** Notes in hertz, one after the other: a rising pair for 'your turn', a sharper triple for danger. */
const CHIMES = {
  turn: [587, 784],
  arrival: [659, 880],
  alarm: [988, 784, 988],
} as const;

const NOTE_SECONDS = 0.22;
const LOUDNESS = 0.22;

/**
 * Plays a short chime made on the spot, so that there is no file to wait for. False when the browser
 * keeps pages silent until somebody has touched them.
 */
export async function chime(kind: keyof typeof CHIMES): Promise<boolean> {
  if (typeof AudioContext === 'undefined') return false;
  context ??= new AudioContext();
  if (context.state === 'suspended') await waitAMoment(context.resume());
  if (context.state !== 'running') return false;
  CHIMES[kind].forEach((hertz, place) => {
    if (context) strike(context, hertz, context.currentTime + place * NOTE_SECONDS);
  });
  return true;
}

/** Resuming without a touch never settles in some browsers. */
const waitAMoment = (resumed: Promise<void>) =>
  Promise.race([resumed, new Promise((done) => setTimeout(done, 300))]);

function strike(on: AudioContext, hertz: number, at: number): void {
  const tone = on.createOscillator();
  const volume = on.createGain();
  tone.type = 'sine';
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(LOUDNESS, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + NOTE_SECONDS * 2.5);
  tone.connect(volume).connect(on.destination);
  tone.start(at);
  tone.stop(at + NOTE_SECONDS * 2.5);
}
