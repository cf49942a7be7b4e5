/** Letters of a message and of its subject; the same as `messaging.domain` has. */
export const MAX_BODY = 5000;
export const MAX_SUBJECT = 200;
