-- For wrk: looks at every answer, and prints what it saw as one line of JSON.
--   ALLOWED         patterns of Lua, one a line: a body with status 200 has to match one of them
--   ALLOWED_FILES   files, one a line: or to be one of these
local threads = {}
function setup(thread) table.insert(threads, thread) end

local allowed = {}
for pattern in (os.getenv("ALLOWED") or ""):gmatch("[^\n]+") do table.insert(allowed, pattern) end
local files = {}
for name in (os.getenv("ALLOWED_FILES") or ""):gmatch("[^\n]+") do
  local file = assert(io.open(name, "rb"))
  table.insert(files, file:read("*a"))
  file:close()
end
wrong, unhinted, first, statuses = 0, 0, "", ""
local counts = {}

local function note(status)
  counts[status] = (counts[status] or 0) + 1
  local parts = {}
  for code, count in pairs(counts) do table.insert(parts, string.format('"%d":%d', code, count)) end
  statuses = table.concat(parts, ",")
end

local function is_allowed(body)
  for _, pattern in ipairs(allowed) do
    if body:find(pattern) then return true end
  end
  for _, content in ipairs(files) do
    if body == content then return true end
  end
  return #allowed + #files == 0
end

function response(status, headers, body)
  note(status)
  if status == 429 then
    local is_hinted = false
    for name in pairs(headers) do is_hinted = is_hinted or name:lower() == "retry-after" end
    if not is_hinted then unhinted = unhinted + 1 end
  end
  if status ~= 200 or not is_allowed(body) then
    wrong = wrong + 1
    if first == "" then first = (status .. " " .. body:sub(1, 200)):gsub('[%c"\\]', " ") end
  end
end

function done(summary, latency, _)
  local sums, text, codes = {wrong = 0, unhinted = 0}, "", ""
  for _, thread in ipairs(threads) do
    for name in pairs(sums) do sums[name] = sums[name] + thread:get(name) end
    if text == "" then text = thread:get("first") end
    codes = thread:get("statuses")
  end
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"wrong":%d,"first":"%s","unhinted":%d,"statuses":{%s},"lost":%d,"p50":%d,"p99":%d}\n',
    summary.requests, sums.wrong, text, sums.unhinted, codes,
    errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
