const EVERY_MS = 80;
/** Speech at arm's length is about a tenth of full scale. */
const GAIN = 6;

/** How loud a track is, from 0 to 1, told several times a second. */
export class Level {
  private readonly context = new AudioContext();
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(track: MediaStreamTrack, tell: (level: number) => void) {
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 512;
    this.context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      // Browsers start audio only after the first tap on the page.
      if (this.context.state === 'suspended') void this.context.resume();
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      tell(Math.min(1, Math.sqrt(power) * GAIN));
    }, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    void this.context.close();
  }
}

/** A short, soft sound on the chosen speaker, so that somebody knows that they will hear. */
export async function playTestSound(speakerId: string | null): Promise<void> {
  const context = new AudioContext();
  if (speakerId && 'setSinkId' in context) {
    const choose = context.setSinkId as (id: string) => Promise<void>;
    await choose.call(context, speakerId).catch(() => {});
  }
  const volume = context.createGain();
  volume.connect(context.destination);
  volume.gain.setValueAtTime(0.0001, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.3, context.currentTime + 0.05);
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.9);
  for (const [at, pitch] of [523.25, 659.25, 783.99].entries()) {
    const tone = context.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(volume);
    tone.start(context.currentTime + at * 0.15);
    tone.stop(context.currentTime + 0.9);
    if (at === 2) tone.onended = () => void context.close();
  }
}
