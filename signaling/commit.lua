-- One step of one room, all or nothing: only if nobody else has changed the room meanwhile, keep its new state,
-- say when it wants to be woken, tell the other nodes what to send, and record what happened. The answer is 1, or the
-- version and the state that somebody else wrote.
--
-- KEYS   room, wakes, events
-- ARGV   version expected, version new, state ('' for none), seconds to keep it, room's name, wake ('' for never),
--        number of messages, then (channel, payload) each; then the records, as (count of fields, fields...) each
local version = redis.call('HGET', KEYS[1], 'version') or ''
if version ~= ARGV[1] then
  return {version, redis.call('HGET', KEYS[1], 'state') or ''}
end
if ARGV[3] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('HSET', KEYS[1], 'version', ARGV[2], 'state', ARGV[3])
  redis.call('EXPIRE', KEYS[1], ARGV[4])
end
if ARGV[6] == '' then
  redis.call('ZREM', KEYS[2], ARGV[5])
else
  redis.call('ZADD', KEYS[2], ARGV[6], ARGV[5])
end
local at = 8
for _ = 1, tonumber(ARGV[7]) do
  redis.call('PUBLISH', ARGV[at], ARGV[at + 1])
  at = at + 2
end
while at <= #ARGV do
  local count = tonumber(ARGV[at])
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', '100000', '*', unpack(ARGV, at + 1, at + count))
  at = at + count + 1
end
return 1
