"""A browser, driven by ChromeDriver over the W3C WebDriver protocol; with the standard library alone."""

import base64
import json
import subprocess
import time
import urllib.error
import urllib.request

# https://www.w3.org/TR/webdriver2/#keyboard-actions
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "ArrowDown": "\ue015", "ArrowUp": "\ue013", "Tab": "\ue004"}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Failed(Exception):
    """The browser could not do it, or the page is not as it should be."""


class Browser:
    """`port` is a free one for ChromeDriver; `folder` is for what the browser keeps."""

    def __init__(self, port, folder, log):
        self.base = f"http://127.0.0.1:{port}"
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={port}", "--log-level=WARNING"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.session = None
        deadline = time.monotonic() + 30
        while True:
            try:
                if self.call("GET", "/status")["ready"]:
                    break
            except OSError:
                pass
            if time.monotonic() > deadline or self.driver.poll() is not None:
                raise Failed("chromedriver does not start")
            time.sleep(0.1)
        # Without a sandbox, since containers run tests as root: nothing but the page under test is opened.
        arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-proxy-server",
            "--hide-scrollbars", "--force-color-profile=srgb", "--user-data-dir=" + folder, "--window-size=1366,900"]
        wanted = {"browserName": "chrome", "goog:chromeOptions": {"args": arguments},
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        created = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}}, seconds=120)
        self.session = created["sessionId"]

    def call(self, method, path, body=None, seconds=60):
        prefix = f"/session/{self.session}" if self.session else ""
        data = json.dumps({} if body is None else body).encode() if method == "POST" else None
        request = urllib.request.Request(
            self.base + prefix + path, data=data, method=method, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=seconds) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise Failed(f"{path}: {value['error']}: {value['message'].splitlines()[0]}") from None

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """The result of a function body in the page; it may await."""
        wrapped = (
            "const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);"
            "(async (...given) => {" + script + "})(...given).then(value => done([value]), error => done([null, String(error)]));")
        result = self.call("POST", "/execute/async", {"script": wrapped, "args": list(arguments)})
        if len(result) > 1:
            raise Failed(result[1])
        return result[0]

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def press(self, *keys):
        """Keys by name, or texts to type; to whatever has the focus."""
        actions = []
        for text in keys:
            for key in [KEYS[text]] if text in KEYS else text:
                actions += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def click(self, selector):
        element = self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]
        self.call("POST", f"/element/{element}/click")

    def wait(self, what, script, *arguments, seconds=20):
        """Until the function body returns something true, which is returned."""
        deadline = time.monotonic() + seconds
        while True:
            value = self.run(script, *arguments)
            if value:
                return value
            if time.monotonic() > deadline:
                raise Failed(f"waited {seconds} s in vain: {what}\n" + self.run("return document.body.innerText")[:3000])
            time.sleep(0.1)

    def log(self, kind):
        """What has come since the last call."""
        return self.call("POST", "/se/log", {"type": kind})

    def resize(self, width, height):
        self.devtools(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def prefer(self, scheme):
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("GET", "/screenshot")))

    def end(self):
        try:
            if self.session:
                self.call("DELETE", "")
        except (Failed, OSError):
            pass
        self.driver.terminate()
        self.driver.wait(10)
