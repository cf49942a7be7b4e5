import { useEffect, useRef } from 'react';

interface VideoProps {
  stream: MediaStream;
  label: string;
  className?: string | undefined;
  /** Our own picture makes no sound and is shown as in a mirror. */
  own?: boolean;
  speakerId?: string | null;
  /** The browser wants a tap before it plays sound; `play` is what the tap should do. */
  onBlocked?: (play: () => void) => void;
}

/** A video element that plays a stream, with sound unless it is one's own. */
export function Video({ stream, label, className, own, speakerId, onBlocked }: VideoProps) {
  const ref = useRef<HTMLVideoElement>(null);
  const blocked = useRef(onBlocked);
  blocked.current = onBlocked;

  useEffect(() => {
    const video = ref.current;
    if (!video) return;
    video.srcObject = stream;
    const play = () =>
      video.play().catch((error: unknown) => {
        if (error instanceof DOMException && error.name === 'NotAllowedError') {
          blocked.current?.(() => void play());
        }
      });
    void play();
    // Tracks that come later start a stopped element again.
    stream.addEventListener('addtrack', play);
    // So does a look at the page after a telephone call, which stops it on an iPhone.
    document.addEventListener('visibilitychange', play);
    return () => {
      stream.removeEventListener('addtrack', play);
      document.removeEventListener('visibilitychange', play);
      // An element that is gone from the page lives on, with all around it, for as long as its stream plays.
      video.srcObject = null;
    };
  }, [stream]);

  useEffect(() => {
    const video = ref.current;
    // Not in Safari and Firefox for Android: there the system chooses the speaker.
    if (video && speakerId && 'setSinkId' in video) video.setSinkId(speakerId).catch(() => {});
  }, [speakerId]);

  return (
    <video ref={ref} className={className} aria-label={label} playsInline autoPlay muted={!!own} />
  );
}
