"""kube-proxy's part of the node: a port of a Service, and whoever stands behind it now."""
import contextlib
import socket
import threading


class ServiceProxy:
    """Takes connections at a Service's address, and hands each to `target`; closes them while there is none."""

    def __init__(self, address, port):
        self.target = None
        self.listener = socket.create_server((address, port))
        threading.Thread(target=self.accept, daemon=True).start()

    def end(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        while True:
            try:
                caller, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.connect, args=(caller,), daemon=True).start()

    def connect(self, caller):
        try:
            if self.target is None:
                raise OSError("nobody stands behind this Service")
            backend = socket.create_connection(self.target, timeout=5)
        except OSError:
            caller.close()
            return
        backend.settimeout(None)
        back = threading.Thread(target=self.copy, args=(backend, caller), daemon=True)
        back.start()
        self.copy(caller, backend)
        back.join()
        for end in (caller, backend):
            end.close()

    @staticmethod
    def copy(source, sink):
        with contextlib.suppress(OSError):
            while content := source.recv(65536):
                sink.sendall(content)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
