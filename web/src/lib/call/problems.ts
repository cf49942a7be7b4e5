/**
 * Why a camera or microphone cannot be used, as far as a browser tells.
 *
 * `denied` by the person or the system; `in_use` by another program; `missing` none is there;
 * `insecure` the page is not on https; `in_app` the page is inside another app's browser, which has no
 * camera; `paused` by the system, which gives it back by itself; `unknown` anything else.
 */
export type DeviceProblem =
  | 'denied'
  | 'in_use'
  | 'missing'
  | 'insecure'
  | 'in_app'
  | 'paused'
  | 'unknown';

/** Which instructions fit this browser. */
type Browser = 'chrome' | 'edge' | 'firefox' | 'safari' | 'ios' | 'android' | 'other';

export function problemOf(error: unknown): DeviceProblem {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return isInApp(navigator.userAgent) ? 'in_app' : 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    default:
      return 'unknown';
  }
}

/** What keeps every camera and microphone from this page, known before asking; else null. */
export function pageProblem(): DeviceProblem | null {
  // Without a secure context browsers hide the whole interface.
  if (typeof navigator.mediaDevices?.getUserMedia === 'function') return null;
  return isInApp(navigator.userAgent) ? 'in_app' : 'insecure';
}

/** Facebook, Instagram, Line, WeChat, TikTok and Android's WebView show pages in a window of their own. */
export function isInApp(userAgent: string): boolean {
  const inApp = /FBAN|FBAV|Instagram|Line\/|MicroMessenger|musical_ly|BytedanceWebview|; wv\)/;
  return inApp.test(userAgent);
}

export function browserOf(userAgent: string): Browser {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'ios';
  if (/Android/.test(userAgent)) return 'android';
  if (/Edg\//.test(userAgent)) return 'edge';
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Chrome\//.test(userAgent)) return 'chrome';
  if (/Safari\//.test(userAgent)) return 'safari';
  return 'other';
}
