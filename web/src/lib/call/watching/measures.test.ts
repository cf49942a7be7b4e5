import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measured } from './measures.ts';
import { type Reading, readingOf } from './reading.ts';

type Stat = Record<string, unknown> & { id: string; type: string };

const reportOf = (...stats: Stat[]) =>
  new Map(stats.map((stat) => [stat.id, stat])) as unknown as RTCStatsReport;

const AUDIO = { id: 'a', type: 'inbound-rtp', kind: 'audio', jitter: 0.012, packetsLost: 2 };
const VIDEO = { id: 'v', type: 'inbound-rtp', kind: 'video', frameWidth: 640, frameHeight: 480 };
const PAIR = {
  id: 'p',
  type: 'candidate-pair',
  nominated: true,
  state: 'succeeded',
  currentRoundTripTime: 0.04,
  localCandidateId: 'l',
  remoteCandidateId: 'r',
};
const LOCAL = { id: 'l', type: 'local-candidate', candidateType: 'host', protocol: 'udp' };
const REMOTE = {
  id: 'r',
  type: 'remote-candidate',
  candidateType: 'srflx',
  address: '203.0.113.7',
};

describe('a report of a connection', () => {
  it('tells the way, the delay and the picture, and no address', () => {
    const totals = readingOf(reportOf(AUDIO, VIDEO, PAIR, LOCAL, REMOTE), 1000);
    expect(totals).toMatchObject({ path: 'direct', transport: 'udp', roundTrip: 0.04, width: 640 });
    expect(JSON.stringify(totals)).not.toContain('203.0.113.7');
  });

  it('knows a relay on either side, and what carries media as far as ours', () => {
    const relay = { ...LOCAL, candidateType: 'relay', relayProtocol: 'tls' };
    expect(readingOf(reportOf(PAIR, relay, REMOTE), 0)).toMatchObject({
      path: 'relay',
      transport: 'tls',
    });
    const theirs = { ...REMOTE, candidateType: 'relay' };
    expect(readingOf(reportOf(PAIR, LOCAL, theirs), 0)).toMatchObject({
      path: 'relay',
      transport: 'udp',
    });
  });

  it('takes the pair that the browser names over one that merely succeeded', () => {
    const other = { ...PAIR, id: 'q', currentRoundTripTime: 0.3 };
    const named = { id: 't', type: 'transport', selectedCandidatePairId: 'q' };
    expect(readingOf(reportOf(PAIR, other, named), 0).roundTrip).toBe(0.3);
    const firefox = { ...other, selected: true };
    expect(readingOf(reportOf(PAIR, firefox), 0).roundTrip).toBe(0.3);
  });
});

const EMPTY: Reading = readingOf(reportOf(), 0);

describe('what was measured between two moments', () => {
  it('is loss, rates and frames of just that time', () => {
    const before = { ...EMPTY, at: 1000, lost: 10, packets: 1000, bytesIn: 50_000, frames: 100 };
    const now = {
      ...before,
      at: 11_000,
      lost: 60,
      packets: 1950,
      bytesIn: 175_000,
      bytesOut: 250_000,
      frames: 350,
      width: 640,
      height: 480,
      jitter: 0.0124,
      roundTrip: 0.0419,
    };
    expect(measured(before, now)).toEqual({
      path: null,
      transport: null,
      loss: 0.05,
      jitter_ms: 12,
      round_trip_ms: 42,
      received_kbps: 100,
      sent_kbps: 200,
      width: 640,
      height: 480,
      fps: 25,
    });
  });

  it('is nothing where counts began anew, or no time has passed', () => {
    expect(measured({ ...EMPTY, packets: 5 }, { ...EMPTY, at: 1000 })).toBeNull();
    expect(measured(EMPTY, EMPTY)).toBeNull();
  });

  it('never leaves the bounds that the API takes, whatever a browser counts', () => {
    const any = fc.oneof(
      fc.double(),
      fc.constantFrom(1e308, -1, Number.NaN, Number.POSITIVE_INFINITY, 'x', null, undefined),
    );
    const report = fc
      .tuple(fc.array(any, { minLength: 9, maxLength: 9 }), fc.nat(1e6))
      .map(([n, at]) => {
        const inbound = {
          packetsLost: n[0],
          packetsReceived: n[1],
          bytesReceived: n[2],
          framesDecoded: n[3],
          frameWidth: n[4],
          frameHeight: n[5],
          jitter: n[6],
        };
        return readingOf(
          reportOf(
            { id: 'v', type: 'inbound-rtp', kind: 'video', ...inbound },
            { id: 'o', type: 'outbound-rtp', bytesSent: n[7] },
            { ...PAIR, currentRoundTripTime: n[8] },
          ),
          at,
        );
      });
    fc.assert(
      fc.property(report, report, (before, now) => {
        const found = measured(before, now);
        for (const [name, most] of BOUNDS) {
          const value = found?.[name] ?? null;
          if (value === null) continue;
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(most);
          if (name !== 'loss') expect(Number.isInteger(value)).toBe(true);
        }
      }),
    );
  });
});

const BOUNDS = [
  ['loss', 1],
  ['jitter_ms', 60_000],
  ['round_trip_ms', 60_000],
  ['received_kbps', 1_000_000],
  ['sent_kbps', 1_000_000],
  ['width', 16_384],
  ['height', 16_384],
  ['fps', 240],
] as const;

describe('how what we send arrives', () => {
  const FAR = { type: 'remote-inbound-rtp', timestamp: 100_000 };
  const sending = (...stats: Stat[]) => readingOf(reportOf(...stats), 0).sending;

  it('is the worse of sound and picture, and the room that the browser estimates', () => {
    const sound = { ...FAR, id: 's', kind: 'audio', fractionLost: 0.02, roundTripTime: 0.2 };
    const picture = { ...FAR, id: 'v', kind: 'video', fractionLost: 0.1, roundTripTime: 0.1 };
    const pair = { ...PAIR, availableOutgoingBitrate: 64_000 };
    expect(sending(sound, picture, pair)).toEqual({ loss: 0.1, roundTrip: 0.2, room: 64 });
  });

  it('is not told by a stream that ended a while ago', () => {
    const sound = { ...FAR, id: 's', fractionLost: 0, roundTripTime: 0.05 };
    const old = { ...FAR, id: 'v', timestamp: 80_000, fractionLost: 0.5, roundTripTime: 0.9 };
    expect(sending(sound, old)).toEqual({ loss: 0, roundTrip: 0.05, room: null });
  });

  it('is not known where nobody tells', () => {
    expect(sending()).toEqual({ loss: null, roundTrip: null, room: null });
  });
});
