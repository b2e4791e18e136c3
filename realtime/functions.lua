#!lua name=starling

-- What does Redis itself do for Starling? What would otherwise take a read, a change and a write.
--
-- Timelines are strings of entries, 8 bytes each, the most significant first (views/timelines.py),
-- after 8 bytes that say what the string holds. A push appends; only when a string has grown by
-- `slack` beyond `cap` is it cut back to the newest `cap`. So a push costs one APPEND a reader,
-- whatever its order, and a replay adds nothing that the cut and the readers do not take out again.

-- Entries are compared as Lua strings, and Lua asks the locale. One that does not sort by bytes is
-- refused when the library is loaded, by the only means there is then: a name nobody defined.
if not ('B' < 'a' and '\127' < '\128' and '\0' < '\1' and '\254z' < '\255') then
  START_REDIS_WITH_LC_ALL_C()
end

local ENTRY = 8
local BLOCK = 1000 -- entries unpacked at once; Lua's C stack takes 8,000 values
local IDS = 4000 -- the same, of numbers

local WHOLE = '\0\0\0\0\0\0\0\0'
local PARTIAL = '\255\255\255\255\255\255\255\255'

-- The entries of a value from its byte `first` on.
local function split(value, first)
  local entries, count = {}, (#value - first + 1) / ENTRY
  for at = 1, count, BLOCK do
    local number = math.min(BLOCK, count - at + 1)
    local block = { struct.unpack(string.rep('c8', number), value, first + (at - 1) * ENTRY) }
    for i = 1, number do entries[at + i - 1] = block[i] end
  end
  return entries
end

-- The newest `cap` entries after the header of a value, each once, oldest first, found by comparing them
-- as numbers; nil where that cannot be. What the last cut left is in order, the head; what came since,
-- the tail, is put in order, and between its entries the head stays in pieces. A double has 53 bits, so
-- ids made in one moment may look alike: then bytes have to be compared.
local function by_number(value, cap)
  local count, head = #value / ENTRY - 1, 1
  if count > IDS then return nil end
  local ids = { struct.unpack('>' .. string.rep('I8', count), value, ENTRY + 1) }
  while head < count and ids[head] < ids[head + 1] do head = head + 1 end
  if head >= count then return string.sub(value, math.max(ENTRY, #value - cap * ENTRY) + 1) end

  local tail, length, place = {}, count - head, nil
  for i = 1, length do
    tail[i] = ids[head + i]
    if i > 1 and tail[i] <= tail[i - 1] then place = {} end
  end
  if place then
    for i = 1, length do place[tail[i]] = head + i end
    table.sort(tail)
  end

  local sub, pieces, first, left, h, last = string.sub, {}, 2 * length + 1, cap, head, nil
  for t = length, 1, -1 do
    local id, from = tail[t], h
    while h > 0 and ids[h] > id do h = h - 1 end
    if id == last or ids[h] == id then return nil end
    if from > h then
      local some = math.min(from - h, left)
      pieces[first] = sub(value, (from - some + 1) * ENTRY + 1, (from + 1) * ENTRY)
      first, left = first - 1, left - some
      if left == 0 then break end
    end
    local at = (place and place[id] or head + t) * ENTRY
    pieces[first] = sub(value, at + 1, at + ENTRY)
    first, left, last = first - 1, left - 1, id
    if left == 0 then break end
  end
  if left > 0 and h > 0 then
    pieces[first] = sub(value, (h - math.min(h, left) + 1) * ENTRY + 1, (h + 1) * ENTRY)
    first = first - 1
  end
  return table.concat(pieces, '', first + 1, 2 * length + 1)
end

-- The same in any case, and without those in `gone`.
local function settle(value, cap, gone)
  local settled = not gone and by_number(value, cap)
  if settled then return settled end
  local entries = split(value, ENTRY + 1)
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

local function header(value) return string.sub(value, 1, ENTRY) end

-- Writes a string that APPEND will make longer, up to `most` bytes. SET leaves it no room, and what
-- APPEND must enlarge it enlarges to twice the length: a full timeline would take 1,600 entries'
-- memory. So it is enlarged while it is half as long as it may become. The step is a quarter of
-- that, since an allocator rounds up by a fifth at most and APPEND fills what there is first.
local function store(key, value, most, ...)
  local half = math.floor(most / 2 / ENTRY) * ENTRY
  if #value <= half then
    redis.call('SET', key, value, ...)
  else
    local step = math.floor(half / 4 / ENTRY) * ENTRY
    redis.call('SET', key, string.sub(value, 1, half - step), ...)
    redis.call('APPEND', key, string.sub(value, half - step + 1, half))
    redis.call('APPEND', key, string.sub(value, half + 1))
  end
end

-- Where an entry stands in a string of entries, or nil.
local function place(value, entry, from)
  local at = string.find(value, entry, from, true)
  while at and (at - 1) % ENTRY ~= 0 do at = string.find(value, entry, at + 1, true) end
  return at
end

-- FCALL timeline_push 1 PREFIX ENTRIES READERS CAP SLACK -> how many timelines were written
-- ENTRIES are packed, READERS are decimal ids with spaces between; a key is PREFIX and the id.
-- A timeline that is not there stays away: nobody has read it for long. To ask about each first costs
-- a command, to take back what an append made costs two. Those who are away are many of a chunk or
-- few, so after one of them the next `WARY` are asked about.
local WARY = 8
local function timeline_push(keys, args)
  local prefix, entries, cap = keys[1], args[1], tonumber(args[3])
  local alone = #entries
  local full = (cap + tonumber(args[4]) + 1) * ENTRY
  local written, wary = 0, 0
  for reader in string.gmatch(args[2], '%d+') do
    local key = prefix .. reader
    if wary > 0 and redis.call('EXISTS', key) == 0 then
      wary = WARY
    else
      local length = redis.call('APPEND', key, entries)
      if length == alone then
        redis.call('UNLINK', key)
        wary = WARY
      else
        if length > full then
          local value = redis.call('GET', key)
          store(key, header(value) .. settle(value, cap), full + ENTRY, 'KEEPTTL')
        end
        written, wary = written + 1, wary - 1
      end
    end
  end
  return written
end

-- FCALL timeline_remove 1 PREFIX ENTRIES READERS CAP -> how many timelines were written
-- Cut first, then remove: what stands beyond the newest `cap` may be of an author whose own
-- timeline no longer names it, and must not come back into sight. One that is being built is
-- dropped: its builder may hold what is removed here, and begins again.
local function timeline_remove(keys, args)
  local prefix, cap, gone, written = keys[1], tonumber(args[3]), {}, 0
  for _, entry in ipairs(split(args[1], 1)) do gone[entry] = true end
  for reader in string.gmatch(args[2], '%d+') do
    local key = prefix .. reader
    local value = redis.call('GET', key)
    if value then
      if header(value) == WHOLE then
        redis.call('SET', key, WHOLE .. settle(value, cap, gone), 'KEEPTTL')
      else
        redis.call('UNLINK', key)
      end
      written = written + 1
    end
  end
  return written
end

-- FCALL timeline_finish 2 TIMELINE PULLS NONCE ENTRIES PULLED CAP TTL_SECONDS
--   -> the whole timeline, or nil where NONCE is no longer its header: begin again
-- What was pushed while it was built stands in it already. PULLED are packed ids of authors.
local function timeline_finish(keys, args)
  local value = redis.call('GET', keys[1])
  if not value or header(value) ~= args[1] then return false end
  local whole = WHOLE .. settle(value .. args[2], tonumber(args[4]))
  redis.call('SET', keys[1], whole, 'EX', args[5])
  local pulls = redis.call('GET', keys[2]) or ''
  for _, author in ipairs(split(args[3], 1)) do
    if not place(pulls, author) then pulls = pulls .. author end
  end
  if pulls ~= '' then redis.call('SET', keys[2], pulls, 'EX', args[5]) end
  return whole
end

-- FCALL pulls_add 2 TIMELINE_PREFIX PULLS_PREFIX AUTHOR READERS -> how many readers pull it now
-- AUTHOR is a packed id. A reader without a timeline has no pull list either.
local function pulls_add(keys, args)
  local author, written = args[1], 0
  for reader in string.gmatch(args[2], '%d+') do
    local left = redis.call('PTTL', keys[1] .. reader)
    if left ~= -2 then
      local key = keys[2] .. reader
      local pulls = redis.call('GET', key) or ''
      if not place(pulls, author) then
        redis.call('SET', key, pulls .. author)
        if left > 0 then redis.call('PEXPIRE', key, left) end
      end
      written = written + 1
    end
  end
  return written
end

-- FCALL pulls_remove 1 PULLS_PREFIX AUTHOR READERS -> how many readers pulled it until now
local function pulls_remove(keys, args)
  local author, written = args[1], 0
  for reader in string.gmatch(args[2], '%d+') do
    local key = keys[1] .. reader
    local pulls = redis.call('GET', key)
    local at = pulls and place(pulls, author)
    if at then
      local rest = string.sub(pulls, 1, at - 1) .. string.sub(pulls, at + ENTRY)
      if rest == '' then
        redis.call('UNLINK', key)
      else
        redis.call('SET', key, rest, 'KEEPTTL')
      end
      written = written + 1
    end
  end
  return written
end

-- FCALL author_push 1 KEY ENTRIES CAP SLACK TTL_SECONDS -> 1, or 0 where there was no timeline
-- A user timeline is always in order, each entry once, so that its last bytes are its newest.
local function author_push(keys, args)
  local key, entries, cap = keys[1], args[1], tonumber(args[2])
  local length = redis.call('STRLEN', key)
  if length == 0 then
    redis.call('SET', key, PARTIAL .. settle(PARTIAL .. entries, cap), 'EX', args[4])
    return 0
  end
  local last = length > ENTRY and redis.call('GETRANGE', key, -ENTRY, -1) or ''
  if last == entries then return 1 end
  if #entries == ENTRY and last < entries and length < (cap + tonumber(args[3]) + 1) * ENTRY then
    redis.call('APPEND', key, entries)
  else
    local value = redis.call('GET', key)
    redis.call('SET', key, header(value) .. settle(value .. entries, cap), 'KEEPTTL')
  end
  return 1
end

-- FCALL author_put 1 KEY ENTRIES CAP TTL_SECONDS -> how many entries stand
-- ENTRIES, with what is there, are the newest `cap` of all the author's.
local function author_put(keys, args)
  local value = redis.call('GET', keys[1]) or WHOLE
  local entries = settle(value .. args[1], tonumber(args[2]))
  redis.call('SET', keys[1], WHOLE .. entries, 'EX', args[3])
  return #entries / ENTRY
end

-- FCALL author_remove 1 KEY ENTRY -> 1 where it stood
local function author_remove(keys, args)
  local value = redis.call('GET', keys[1])
  local at = value and place(value, args[1], ENTRY + 1)
  if not at then return 0 end
  redis.call('SET', keys[1], string.sub(value, 1, at - 1) .. string.sub(value, at + ENTRY), 'KEEPTTL')
  return 1
end

-- FCALL reader_seen 3 TIMELINE PULLS READS TTL_SECONDS REPORT_MILLISECONDS -> reads to report
-- A timeline lives so long after its reader was last seen. Reads are counted, and reported at once
-- where none were for so long, else together: 0 says not yet.
local function reader_seen(keys, args)
  if redis.call('GETRANGE', keys[1], 0, ENTRY - 1) == WHOLE then
    redis.call('EXPIRE', keys[1], args[1])
    redis.call('EXPIRE', keys[2], args[1])
  end
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local reads = redis.call('HINCRBY', keys[3], 'reads', 1)
  local reported = tonumber(redis.call('HGET', keys[3], 'reported_ms') or 0)
  if now - reported < tonumber(args[2]) then return 0 end
  redis.call('HSET', keys[3], 'reads', 0, 'reported_ms', string.format('%d', now))
  redis.call('EXPIRE', keys[3], args[1])
  return reads
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

-- FCALL lease_take 1 KEY WHO MILLISECONDS -> who has it now, and for how many milliseconds more
-- It is WHO's where nobody had it, or WHO did: then for so long from now on.
local function lease_take(keys, args)
  local who = redis.call('GET', keys[1])
  if who and who ~= args[1] then return { who, redis.call('PTTL', keys[1]) } end
  redis.call('SET', keys[1], args[1], 'PX', args[2])
  return { args[1], tonumber(args[2]) }
end

-- FCALL lease_release 1 KEY WHO -> whether it was WHO's, and is nobody's now (1, else 0)
local function lease_release(keys, args)
  if redis.call('GET', keys[1]) ~= args[1] then return 0 end
  return redis.call('DEL', keys[1])
end

redis.register_function('limit_take', limit_take)
redis.register_function('lease_take', lease_take)
redis.register_function('lease_release', lease_release)
redis.register_function('timeline_push', timeline_push)
redis.register_function('timeline_remove', timeline_remove)
redis.register_function('timeline_finish', timeline_finish)
redis.register_function('pulls_add', pulls_add)
redis.register_function('pulls_remove', pulls_remove)
redis.register_function('author_push', author_push)
redis.register_function('author_put', author_put)
redis.register_function('author_remove', author_remove)
redis.register_function('reader_seen', reader_seen)
redis.register_function('state_put', state_put)
redis.register_function('edge_put', edge_put)
redis.register_function('edge_put_there', edge_put_there)
redis.register_function('edges_load', edges_load)
