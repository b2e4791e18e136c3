#!lua name=starling_trends

-- What does Redis itself do for trends? It keeps the sum of a tag's people beside its totals, and the
-- tags of enough people in a set, so that nobody has to look at those that hardly anybody uses.
-- How all of it lies: views/trends/stored.py.

local PEOPLE = 'people '

-- Puts the tag into the set of its place, or takes it out, by its people.
local function sort_in(keys, tag, place, gate, people)
  if people >= gate then
    redis.call('ZADD', keys[2], people, tag)
    redis.call('SADD', keys[3], place)
  else
    redis.call('ZREM', keys[2], tag)
    if redis.call('EXISTS', keys[2]) == 0 then redis.call('SREM', keys[3], place) end
  end
end

-- keys: the tag, the tags of the place, the places; args: tag, place, gate, seconds to keep, then
-- names and totals
local function put(keys, args)
  local people = tonumber(redis.call('HGET', keys[1], 'people') or 0)
  for at = 5, #args, 2 do
    local name, total = args[at], tonumber(args[at + 1])
    if string.sub(name, 1, #PEOPLE) == PEOPLE then
      people = people + total - tonumber(redis.call('HGET', keys[1], name) or 0)
    end
    if total == 0 then
      redis.call('HDEL', keys[1], name)
    else
      redis.call('HSET', keys[1], name, total)
    end
  end
  redis.call('HSET', keys[1], 'people', people)
  redis.call('EXPIRE', keys[1], args[4])
  sort_in(keys, args[1], args[2], tonumber(args[3]), people)
  return people
end

-- keys: as above; args: tag, place, gate, first minute to keep, first hour to keep
local function forget(keys, args)
  local people, minute, hour = 0, tonumber(args[4]), tonumber(args[5])
  local all = redis.call('HGETALL', keys[1])
  for at = 1, #all, 2 do
    local kind, number = string.match(all[at], '^(%a+) (%d+)')
    local first = kind == 'beside' and hour or minute
    if (kind == 'people' or kind == 'uses' or kind == 'beside') and tonumber(number) < first then
      redis.call('HDEL', keys[1], all[at])
    elseif kind == 'people' then
      people = people + tonumber(all[at + 1])
    end
  end
  if #all > 0 then redis.call('HSET', keys[1], 'people', people) end
  sort_in(keys, args[1], args[2], tonumber(args[3]), people)
  return people
end

redis.register_function('tag_put', put)
redis.register_function('tag_forget', forget)
