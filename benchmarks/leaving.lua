-- wrk: each request posts the next token of a file; `wrk … -- TOKENS FIRST PAUSE` (PAUSE: milliseconds between a
-- connection's requests, 0 for none).
local tokens, at, pause = {}, 0, 0

function init(arguments)
  for line in io.lines(arguments[1]) do tokens[#tokens + 1] = line end
  at, pause = tonumber(arguments[2]), tonumber(arguments[3])
  if pause > 0 then
    function delay() return pause end
  end
end

local headers = {["Content-Type"] = "application/x-www-form-urlencoded"}

function request()
  at = at + 1
  return wrk.format("POST", "/u/" .. tokens[(at - 1) % #tokens + 1], headers, "List-Unsubscribe=One-Click")
end

function done(summary, latency)
  local bad = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), latency.max, bad.connect + bad.read + bad.write + bad.status + bad.timeout))
end
