import type { Call } from '@/lib/call/engine';
import { CallHistory } from '@/lib/call/history';
import { sendBatch, tellFailure } from './tell';

/** Notes how a call goes until it is told to stop. */
export function record(call: Call, visitId: string) {
  const history = new CallHistory(call, {
    send: (batch) => sendBatch(visitId, batch),
    fail: (reason, attempt) => void tellFailure(visitId, reason, attempt),
  });
  const leave = () => history.leave();
  window.addEventListener('pagehide', leave);
  return {
    begin: (attempt: string) => history.begin(attempt),
    stop: () => {
      window.removeEventListener('pagehide', leave);
      history.stop();
    },
  };
}
