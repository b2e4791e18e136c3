#!lua name=starling_totals

-- What does Redis itself do for totals? It takes very many of them at once: a command for each would
-- cost the job that sends it several times what it costs here.

-- keys: hashes; args: seconds to keep them, then for each hash how many fields, and those with their
-- values, few enough in all for the stack of Lua (8,000)
local function put(keys, args)
  local at = 2
  for _, key in ipairs(keys) do
    local last = at + 2 * tonumber(args[at])
    redis.call('HSET', key, unpack(args, at + 1, last))
    redis.call('EXPIRE', key, args[1])
    at = last + 1
  end
  return #keys
end

redis.register_function('totals_put', put)
