"""Between the first GOAWAY, which names no stream, and the last, which does: what is opened then is answered."""

import sys

from wire import Peer, headers, request

FIRST = 0x7FFF_FFFF


def main(port: int, path: str) -> int:
    peer = Peer(port)
    peer.send(headers(1, request(path)))
    if not peer.wait(15, lambda: bool(peer.goaways)) or peer.goaways[0] != (FIRST, 0):
        print("no announcement:", peer.goaways)
        return 1
    peer.send(headers(3, request(path)) + headers(5, request(path)))
    taken = peer.seconds_to_close(10)
    is_good = peer.goaways == [(FIRST, 0), (5, 0)] and peer.ended == {1, 3, 5} and set(peer.statuses.values()) == {"200"}
    print(f"closed after {taken}, {peer.goaways[1:]}, answered {sorted(peer.ended)}")
    return 0 if is_good and taken is not None else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
