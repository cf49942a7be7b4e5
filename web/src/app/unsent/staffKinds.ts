/*
 * Every kind of write that staff leave on a device and that is not a message: loaded with their frame, so that what
 * waits is sent from whatever page they are on. A patient on the way to the call loads none of it.
 */
import '@/features/chart/outbox/kinds';
import '@/features/followup/outbox/kinds';
