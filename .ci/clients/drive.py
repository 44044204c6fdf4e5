"""Starts discord-sim and a bot that others could have written, and acts as a person until the bot has shown what it can.

usage: drive.py DISCORD_SIM BOT_COMMAND...
"""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

PATIENCE = 30


def call(base, method, path, body=None, **query):
    url = f"{base}/_sim{path}"
    if query:
        url += "?" + urllib.parse.urlencode(query)
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE + 10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")


def check(claim, true):
    print(("ok    " if true else "WRONG ") + claim)
    if not true:
        sys.exit(1)


def scenario(base):
    def get(path, **query):
        return call(base, "GET", path, **query)

    def post(path, **body):
        return call(base, "POST", path, body)

    def heard(text, **more):
        return get("/messages", contains=text, by_bot="true", wait=PATIENCE, **more)[0]

    here = {"user": "ada", "channel": "general"}
    get("/ready", wait=PATIENCE)
    check("it logs in", True)
    commands = {command["name"] for command in get("/commands", wait=PATIENCE)}
    check("it registers its commands", commands == {"ping", "think"})

    said = post("/say", **here, text="hello")
    reply = heard("you said hello!", channel="general")
    check("it hears a message and replies", reply["message_reference"]["message_id"] == said["id"])
    check("it edits its reply", [r["content"] for r in reply["revisions"]] == ["you said hello", "you said hello!"])

    pong = post("/command", **here, command="ping")["message"]
    check("it answers a slash command", pong["content"] == "pong" and not pong["ephemeral"])
    more = post("/click", **here, message=pong["id"], custom_id="more")["message"]
    check("its button changes the message", (more["id"], more["content"]) == (pong["id"], "more of it"))
    thought = post("/command", **here, command="think", options={"about": "cats"})["message"]
    check("it defers and fills in", thought["content"] == "thought about cats" and thought["ephemeral"])
    check("it follows up", heard("and more", channel="general")["ephemeral"])

    direct = post("/dm", user="ada", text="psst")
    check("it answers direct messages", heard("you said psst!", channel=direct["channel_id"]) is not None)

    post("/drop")
    post("/say", **here, text="while you were away")
    check("it comes back and misses nothing", heard("you said while you were away!", channel="general") is not None)
    requests = get("/requests")
    refused = [r for r in requests if r["status"] >= 400]
    check(f"all of its {len(requests)} requests are accepted", refused == [])


def main(sim, *bot):
    server = subprocess.Popen([sim, "--port", "0"], stdout=subprocess.PIPE, text=True)
    client = None
    try:
        told = "".join(server.stdout.readline() for _ in range(4))
        base = re.search(r"(http://\S+)/_sim", told)[1]
        here = call(base, "GET", "")
        environment = dict(os.environ, SIM_BASE=base, SIM_GATEWAY=here["gateway_url"], SIM_TOKEN=here["token"])
        client = subprocess.Popen(bot, env=environment)
        scenario(base)
    finally:
        for process in filter(None, (client, server)):
            process.send_signal(signal.SIGKILL)
            process.wait()


main(*sys.argv[1:])
