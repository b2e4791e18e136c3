#!lua name=starling

-- What does Redis itself do for Starling? What would otherwise take a read, a change and a write.
--
-- Timelines are strings of entries, 8 bytes each, the most significant first (views/timelines.py).
-- A push appends; only when a string has grown by `slack` beyond `cap` is it cut back to the newest
-- `cap`. So a push costs one APPEND a reader, whatever its order, and a replay adds nothing that
-- the cut and the readers do not take out again.

-- Entries are compared as Lua strings, and Lua asks the locale. One that does not sort by bytes is
-- refused when the library is loaded, by the only means there is then: a name nobody defined.
if not ('B' < 'a' and '\127' < '\128' and '\0' < '\1' and '\254z' < '\255') then
  START_REDIS_WITH_LC_ALL_C()
end

local ENTRY = 8
local BLOCK = 1000 -- entries unpacked at once; Lua's C stack takes 8,000 values

local function split(value)
  local entries, count = {}, #value / ENTRY
  for first = 1, count, BLOCK do
    local number = math.min(BLOCK, count - first + 1)
    local block = { struct.unpack(string.rep('c8', number), value, (first - 1) * ENTRY + 1) }
    for i = 1, number do entries[first + i - 1] = block[i] end
  end
  return entries
end

-- The newest `cap` entries of a value, each once, oldest first, without those in `gone`.
-- What the last cut left is in order already, so only the tail is sorted, and the two are merged.
local function settle(value, cap, gone)
  local entries = split(value)
  local count, head = #entries, 1
  while head < count and entries[head] < entries[head + 1] do head = head + 1 end
  local tail = {}
  for i = head + 1, count do tail[i - head] = entries[i] end
  table.sort(tail)

  local kept, left, last = {}, cap, nil
  local h, t = math.min(head, count), #tail
  while left > 0 and (h > 0 or t > 0) do
    local entry
    if t == 0 or (h > 0 and entries[h] > tail[t]) then
      entry, h = entries[h], h - 1
    else
      entry, t = tail[t], t - 1
    end
    if entry ~= last then
      kept[left], left, last = entry, left - 1, entry
    end
  end
  if not gone then return table.concat(kept, '', left + 1, cap) end
  local stay = {}
  for i = left + 1, cap do
    if not gone[kept[i]] then stay[#stay + 1] = kept[i] end
  end
  return table.concat(stay)
end

local function store(key, value)
  if value == '' then redis.call('DEL', key) else redis.call('SET', key, value) end
end

-- FCALL timeline_push 1 PREFIX ENTRIES READERS CAP SLACK -> how many timelines were written
-- ENTRIES are packed, READERS are decimal ids with spaces between; a key is PREFIX and the id.
local function timeline_push(keys, args)
  local prefix, entries, cap = keys[1], args[1], tonumber(args[3])
  local full = (cap + tonumber(args[4])) * ENTRY
  local written = 0
  for reader in string.gmatch(args[2], '%d+') do
    local key = prefix .. reader
    if redis.call('APPEND', key, entries) > full then
      store(key, settle(redis.call('GET', key), cap))
    end
    written = written + 1
  end
  return written
end

-- FCALL timeline_remove 1 PREFIX ENTRIES READERS CAP -> how many timelines were written
-- Cut first, then remove: what stands beyond the newest `cap` may be of an author whose own
-- timeline no longer names it, and must not come back into sight.
local function timeline_remove(keys, args)
  local prefix, cap, gone, written = keys[1], tonumber(args[3]), {}, 0
  for _, entry in ipairs(split(args[1])) do gone[entry] = true end
  for reader in string.gmatch(args[2], '%d+') do
    local key = prefix .. reader
    local value = redis.call('GET', key)
    if value then
      store(key, settle(value, cap, gone))
      written = written + 1
    end
  end
  return written
end

-- FCALL state_put 1 KEY VALUE TTL_SECONDS -> 1 when written, 0 when what stands is newer
-- VALUE starts with the log position in 8 bytes (views/rows.py). A tombstone is a value too.
local function state_put(keys, args)
  local standing = redis.call('GETRANGE', keys[1], 0, 7)
  if standing > string.sub(args[1], 1, 8) then return 0 end
  redis.call('SET', keys[1], args[1], 'EX', args[2])
  return 1
end

local function put_edges(key, ttl, args, first)
  local written = 0
  for i = first, #args, 2 do
    local standing = redis.call('HGET', key, args[i])
    if not standing or string.sub(standing, 1, 8) <= string.sub(args[i + 1], 1, 8) then
      redis.call('HSET', key, args[i], args[i + 1])
      written = written + 1
    end
  end
  redis.call('EXPIRE', key, ttl)
  return written
end

-- FCALL edge_put 1 KEY TTL_SECONDS FIELD VALUE [FIELD VALUE ...] -> how many were written
-- Rows as fields of one hash, each by its own log position. Many at once are written as one.
local function edge_put(keys, args)
  return put_edges(keys[1], args[1], args, 2)
end

-- FCALL edge_put_there 1 KEY TTL_SECONDS FIELD VALUE ... -> the same, where there is such a hash
local function edge_put_there(keys, args)
  if redis.call('EXISTS', keys[1]) == 0 then return 0 end
  return edge_put(keys, args)
end

-- FCALL edges_load 1 KEY TTL_SECONDS NONCE [FIELD VALUE ...] -> 1, and all there is now is there
-- NONCE is what `loading` of the hash said before the rows were read elsewhere. 0: that hash is no
-- more, and what was written into it since is lost.
local function edges_load(keys, args)
  if redis.call('HGET', keys[1], 'loading') ~= args[2] then return 0 end
  put_edges(keys[1], args[1], args, 3)
  redis.call('HSET', keys[1], 'loaded', '1')
  return 1
end

-- FCALL limit_take N KEY... CALLS MILLISECONDS ... -> which budget refuses (0: none), and of the
-- first its calls so far and the milliseconds until it is whole again
-- Each key has so many CALLS in so many MILLISECONDS from its first call on. All count, or none.
local function limit_take(keys, args)
  local refused = 0
  for i, key in ipairs(keys) do
    if tonumber(redis.call('GET', key) or 0) >= tonumber(args[2 * i - 1]) then
      refused = i
      break
    end
  end
  if refused == 0 then
    for i, key in ipairs(keys) do
      if redis.call('INCR', key) == 1 then redis.call('PEXPIRE', key, args[2 * i]) end
    end
  end
  local left = redis.call('PTTL', keys[1])
  if left < 0 then left = tonumber(args[2]) end
  return { refused, tonumber(redis.call('GET', keys[1]) or 0), left }
end

redis.register_function('limit_take', limit_take)
redis.register_function('timeline_push', timeline_push)
redis.register_function('timeline_remove', timeline_remove)
redis.register_function('state_put', state_put)
redis.register_function('edge_put', edge_put)
redis.register_function('edge_put_there', edge_put_there)
redis.register_function('edges_load', edges_load)
