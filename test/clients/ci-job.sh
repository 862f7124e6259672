#!/bin/sh
# What a CI job does with nothing but curl: it sends mail, waits for it, asserts on it, and fails with a reason.
# Usage: ci-job.sh SMTP_URL API_URL
set -eu
smtp=$1
api=$2

send() { # send TO SUBJECT BODY
  printf 'From: Shop <shop@example.test>\r\nTo: <%s>\r\nSubject: %s\r\n\r\n%s\r\n' "$1" "$2" "$3" |
    curl -sS "$smtp" --mail-from shop@example.test --mail-rcpt "$1" -T -
}

expect() { # expect JSON: prints why not, and fails
  answer=$(curl -sS -o - -w '\n%{http_code}' "$api/expect" -H 'Content-Type: application/json' -d "$1")
  status=$(printf '%s' "$answer" | tail -n 1)
  [ "$status" = 200 ] && return 0
  printf '%s\n' "$answer" | sed '$d' | sed -n 's/.*"reason":"\(\([^"\\]\|\\.\)*\)".*/\1/p' | sed 's/\\n/\n/g; s/\\"/"/g'
  return 1
}

curl -sSf "${api%/api}/readyz" >/dev/null

# The app sends while the job waits.
curl -sSf "$api/messages/wait?q=to:ada@example.test+subject:reset&timeout=30000" >/dev/null &
waiting=$!
send ada@example.test 'Reset your password' 'Go to https://shop.example.test/reset/abc or use the code 402913.'
wait "$waiting"
echo 'waited'

expect '{"q":"to:ada@example.test","count":1,"message":{"subject":"Reset your password","text":{"contains":"/reset/"}}}'
expect '{"q":"to:eve@example.test","count":0,"within":100}'
echo 'expected'

send bob@example.test 'Welcome' 'Hello Bob'
if expect '{"q":"to:bob@example.test subject:reset","within":0}'; then
  echo 'it should have failed'
  exit 2
fi
curl -sSf -X DELETE "$api/messages?q=to:bob@example.test" >/dev/null
curl -sS -o /dev/null -w '%{http_code}\n' -X DELETE "$api/messages"
