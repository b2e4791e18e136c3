#!lua name=layouts

-- What do other structures and other cuts cost than those of realtime/functions.lua?
--
-- Each function takes a key prefix, what to write, and decimal ids of readers, as timeline_push does.

local function sorted_set_push(keys, args)
  local prefix, score, id, cap = keys[1], args[1], args[2], tonumber(args[4])
  for reader in string.gmatch(args[3], '%d+') do
    local key = prefix .. reader
    redis.call('ZADD', key, score, id)
    redis.call('ZREMRANGEBYRANK', key, 0, -cap - 1)
  end
  return 1
end

local function list_push(keys, args)
  local prefix, id, cap = keys[1], args[1], tonumber(args[3])
  for reader in string.gmatch(args[2], '%d+') do
    local key = prefix .. reader
    redis.call('LPUSH', key, id)
    redis.call('LTRIM', key, 0, cap - 1)
  end
  return 1
end

-- A string cut by the plainest means: what was appended last is taken for the newest. So it is what
-- any cut costs at the least, and it leaves the memory as APPEND and SET make it. ASKS: 'never', or
-- 'first' (EXISTS before each append), or 'after' (UNLINK what the append has made).
local function plain_push(keys, args)
  local prefix, entry, cap, asks = keys[1], args[1], tonumber(args[3]), args[5]
  local full = 8 * (1 + cap + tonumber(args[4]))
  for reader in string.gmatch(args[2], '%d+') do
    local key = prefix .. reader
    if asks ~= 'first' or redis.call('EXISTS', key) == 1 then
      local length = redis.call('APPEND', key, entry)
      if length > full then
        local value = redis.call('GET', key)
        redis.call('SET', key, string.sub(value, 1, 8) .. string.sub(value, -8 * cap))
      elseif asks == 'after' and length == #entry then
        redis.call('UNLINK', key)
      end
    end
  end
  return 1
end

redis.register_function('sorted_set_push', sorted_set_push)
redis.register_function('list_push', list_push)
redis.register_function('plain_push', plain_push)
