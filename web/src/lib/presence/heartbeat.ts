/** An open page says so this often; `visits.waiting.presence.GONE_AFTER` allows for one that is lost. */
export const HEARTBEAT_MS = 20_000;
