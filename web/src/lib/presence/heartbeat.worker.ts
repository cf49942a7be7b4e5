import { HEARTBEAT_MS } from './heartbeat.ts';

/* Browsers slow the timers of pages in the background down to one a minute, but not those of workers. */
setInterval(() => postMessage(null), HEARTBEAT_MS);
