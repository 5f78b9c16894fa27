"""Opens pages in headless Chromium and takes a picture of each.

A page fails that writes errors or warnings to the console, or asks for anything beside itself: pages
are to work without a network.
"""

import base64
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

import websocket

WIDTH = 1100
SETTLED_SECONDS = 0.7
LIMIT_SECONDS = 60


def main():
    folder = Path(sys.argv[1]).resolve()
    pages = sorted(folder.glob("*.html"))
    with tempfile.TemporaryDirectory() as profile:
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += [f"--user-data-dir={profile}", "--remote-debugging-port=0"]
        command += ["--remote-allow-origins=*", "--host-resolver-rules=MAP * ~NOTFOUND"]
        with subprocess.Popen([*command, "about:blank"], stderr=subprocess.DEVNULL) as chromium:
            try:
                tab = Tab(Path(profile))
                problems = [f"{page.name}: {problem}" for page in pages for problem in tab.look(page)]
            finally:
                chromium.terminate()
                chromium.wait()
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"pages: {len(pages)} looked at, {len(problems)} problems")
    sys.exit(1 if problems or not pages else 0)


class Tab:
    """A tab of the browser, by Chrome's DevTools protocol."""

    def __init__(self, profile):
        limit = time.monotonic() + LIMIT_SECONDS
        file = profile / "DevToolsActivePort"
        while not file.exists() or not file.read_text().strip():
            if time.monotonic() > limit:
                raise TimeoutError("chromium does not start")
            time.sleep(0.1)
        port = file.read_text().split()[0]
        with urlopen(f"http://127.0.0.1:{port}/json") as tabs:
            (tab,) = [each for each in json.load(tabs) if each["type"] == "page"]
        self.socket = websocket.create_connection(tab["webSocketDebuggerUrl"], timeout=LIMIT_SECONDS)
        self.sent = 0
        self.events = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.sent:
                return message.get("result", {})
            self.events.append(message)

    def look(self, page):
        """What is wrong with a page; the picture lies beside it."""
        self.size(900)
        self.call("Log.clear")
        self.events.clear()
        self.call("Page.navigate", url=page.as_uri())
        limit = time.monotonic() + LIMIT_SECONDS
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            if time.monotonic() > limit:
                return ["does not load"]
            self.events.append(json.loads(self.socket.recv()))
        time.sleep(SETTLED_SECONDS)
        height = self.call("Page.getLayoutMetrics")["cssContentSize"]["height"]
        self.size(int(height))
        picture = self.call("Page.captureScreenshot")["data"]
        page.with_suffix(".png").write_bytes(base64.b64decode(picture))
        return [problem for event in self.events if (problem := problem_of(event, page))]

    def size(self, height):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=WIDTH,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )


def problem_of(event, page):
    about = event.get("params", {})
    if event["method"] == "Runtime.exceptionThrown":
        return json.dumps(about["exceptionDetails"].get("exception", {}).get("description"))
    if event["method"] == "Runtime.consoleAPICalled" and about["type"] in {"error", "warning", "assert"}:
        return json.dumps(about["args"])
    if event["method"] == "Log.entryAdded" and about["entry"]["level"] in {"error", "warning"}:
        return about["entry"]["text"]
    if event["method"] == "Network.requestWillBeSent":
        url = about["request"]["url"]
        if not url.startswith(("data:", "blob:", page.as_uri())):
            return f"asks for {url[:200]}"
    return None


if __name__ == "__main__":
    main()
